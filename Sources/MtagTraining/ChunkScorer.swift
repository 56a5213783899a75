import MtagCore
import MtagData
import MtagEngine
import MtagModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Scores a clip chunk by chunk with one model. Belongs to one thread at a time.
final class ChunkScorer {
  /// Chunks that go through the network at once; bounds the memory of long clips.
  private static let chunksPerBatch = 16

  private let model: Model
  private let engine: InferenceEngine

  init(model: Model, threads: Int) throws {
    self.model = model
    engine = try InferenceEngine(graph: model.graph, weights: model.weights, threads: threads)
    try engine.checkMemory(batch: Self.chunksPerBatch, frames: model.chunkFrames)
  }

  /// Scores of at most `count` evenly spaced chunks, `[chunks][labels]`.
  func scores(of map: FeatureMap, count: Int) throws -> [[Float]] {
    let chunks = Chunks.evenlySpaced(map, frames: model.chunkFrames, count: count)
    var scores: [[Float]] = []
    for start in stride(from: 0, to: chunks.count, by: Self.chunksPerBatch) {
      let part = chunks[start..<min(start + Self.chunksPerBatch, chunks.count)]
      let inputs = standardized(part.flatMap(\.self))
      let logits = try inputs.withUnsafeBufferPointer {
        try engine.logits($0, batch: part.count, frames: model.chunkFrames)
      }
      let labels = model.labels.count
      for index in 0..<part.count { scores.append(activated(logits[index * labels..<(index + 1) * labels])) }
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

  private func standardized(_ values: [Float]) -> [Float] {
    let (mean, scale) = (model.standardization.mean, 1 / model.standardization.deviation)
    return values.map { ($0 - mean) * scale }
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
