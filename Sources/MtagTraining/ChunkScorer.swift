import MtagCore
import MtagData
import MtagEngine
import MtagGraph
import MtagModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Scores clips chunk by chunk with one model. Belongs to one thread at a time.
final class ChunkScorer {
  /// Chunks that go through the network at once; bounds the memory of long clips.
  private static let chunksPerBatch = 16

  private var model: Model
  private let engine: InferenceEngine
  private let executor: ParallelExecutor
  /// Values of one chunk, `[bands, frames, channels]`.
  private let chunkValues: Int
  private let inputs: AlignedBuffer

  init(model: Model, threads: Int) throws {
    self.model = model
    engine = try InferenceEngine(graph: model.graph, weights: model.weights, threads: threads)
    try engine.checkMemory(batch: Self.chunksPerBatch, frames: model.chunkFrames)
    executor = ParallelExecutor(threads: threads)
    chunkValues = model.graph.inputBands * model.chunkFrames * model.graph.inputChannels
    inputs = AlignedBuffer(count: Self.chunksPerBatch * chunkValues)
  }

  /// Goes on with other weights of the same network.
  func use(_ model: Model) throws {
    precondition(model.graph == self.model.graph && model.chunkFrames == self.model.chunkFrames)
    try engine.use(model.weights)
    self.model = model
  }

  /// Scores of at most `count` evenly spaced chunks of one clip, `[chunks][labels]`.
  func scores(of map: FeatureMap, count: Int) throws -> [[Float]] {
    try scores(of: [map], count: count).flatMap(\.self)
  }

  /// Scores of at most `count` evenly spaced chunks of each clip, `[clips][chunks][labels]`. Chunks of several clips go
  /// through the network together.
  /// - Parameter progress: is told after every batch how many clips are done; may throw to stop.
  func scores(
    of maps: [FeatureMap], count: Int, progress: (_ clips: Int) throws -> Void = { _ in }
  ) throws -> [[[Float]]] {
    let places = maps.enumerated().flatMap { clip, map in
      Chunks.starts(mapFrames: map.frames, frames: model.chunkFrames, count: count).map { (clip, $0) }
    }
    var scores = [[[Float]]](repeating: [], count: maps.count)
    let labels = model.labels.count
    for start in stride(from: 0, to: places.count, by: Self.chunksPerBatch) {
      let part = places[start..<min(start + Self.chunksPerBatch, places.count)]
      let size = chunkValues
      executor.forEach(chunks: part.count) { row, _ in
        let (clip, frame) = part[start + row]
        put(maps[clip], from: frame, at: inputs.pointer + row * size)
      }
      let logits = try engine.logits(
        UnsafeBufferPointer(start: inputs.pointer, count: part.count * size), batch: part.count,
        frames: model.chunkFrames)
      for (row, (clip, _)) in part.enumerated() {
        scores[clip].append(activated(logits[row * labels..<(row + 1) * labels]))
      }
      // The last clip of a batch may go on in the next.
      try progress(start + part.count == places.count ? maps.count : places[start + part.count - 1].0)
    }
    return scores
  }

  /// The mean over a clip's chunks, `[labels]`.
  static func mean(_ chunkScores: [[Float]]) -> [Float] {
    guard let first = chunkScores.first else { return [] }
    return first.indices.map { label in
      Float(chunkScores.reduce(0.0) { $0 + Double($1[label]) } / Double(chunkScores.count))
    }
  }

  /// Writes one standardised chunk, `[bands, frames, channels]`.
  private func put(_ map: FeatureMap, from frame: Int, at target: UnsafeMutablePointer<Float>) {
    Chunks.cut(
      map, start: frame, frames: model.chunkFrames, mean: 0, deviation: 1,
      into: UnsafeMutableBufferPointer(start: target, count: chunkValues))
    let (mean, scale) = (model.standardization.mean, 1 / model.standardization.deviation)
    for i in 0..<chunkValues { target[i] = (target[i] - mean) * scale }
  }

  /// Softmax for one label a clip, sigmoid for several.
  private func activated(_ logits: ArraySlice<Float>) -> [Float] {
    if model.isMultiLabel { return logits.map { 1 / (1 + exp(-$0)) } }
    let largest = logits.max() ?? 0
    let powers = logits.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
