import MtagCore
import MtagData
import MtagGraph
import MtagModel

/// A clip's features as a network takes them, standardised: whole, or in evenly spaced chunks.
struct ONNXBatch {
  /// How many chunks there are.
  let count: Int
  /// Frames of each.
  let frames: Int
  /// `[count, bands, frames, channels]`
  let values: [Float]

  /// - Parameter isFixed: whether the network takes chunks of the model's length only.
  /// - Throws: `MtagError` (usage) if the graph is damaged.
  init(_ map: FeatureMap, model: Model, isFixed: Bool) throws {
    let graph = model.graph
    let (shortest, longest) = (try graph.minimumFrames(), try graph.maximumFrames() ?? GraphLimits.frames)
    let isWhole = !isFixed && (shortest...longest).contains(map.frames)
    let frames =
      isWhole ? map.frames : isFixed ? model.chunkFrames : max(shortest, min(map.frames, model.chunkFrames))
    let wanted = isWhole ? 1 : max(1, (map.frames + frames - 1) / frames)
    let starts = Chunks.starts(mapFrames: map.frames, frames: frames, count: wanted)
    let count = starts.count
    let size = graph.inputBands * frames * graph.inputChannels
    var values = [Float](repeating: 0, count: count * size)
    let standardization = model.standardization
    values.withUnsafeMutableBufferPointer { buffer in
      for (index, start) in starts.enumerated() {
        Chunks.cut(
          map, start: start, frames: frames, mean: standardization.mean, deviation: standardization.deviation,
          into: UnsafeMutableBufferPointer(rebasing: buffer[index * size..<(index + 1) * size]))
      }
    }
    self.count = count
    self.frames = frames
    self.values = values
  }
}
