import MtagCore
import MtagGraph
import MtagKernelTypes

/// Adds a learned value for each band, frame and channel: `[batch, bands, frames, channels]` → the same; the table is
/// `[bands, longest, channels]`, of which shorter inputs use the first frames.
final class PositionsStep: Step {
  let tensors: StepTensors
  private let tableFrames: Int
  private let weights: ParameterMemory.Slot

  init(_ tensors: StepTensors, tableFrames: Int, weights: ParameterMemory.Slot) {
    self.tensors = tensors
    self.tableFrames = tableFrames
    self.weights = weights
  }

  private var channels: Int { output.shape.channels }

  func forward(_ context: StepContext) {
    let stride = output.channelStride
    context.forPieces(output.rows, limit: 64, grain: 64) { _, range, _ in
      for row in range {
        let y = output.pointer + row * stride
        y.update(from: input.pointer + row * stride, count: stride)
        context.kernels.sequences.addScaled(y, 1, weights.values + place(row), 1, 1, channels)
      }
    }
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    let stride = output.channelStride
    weights.gradients.update(repeating: 0, count: weights.count)
    context.forPieces(output.pixels, limit: 64, grain: 64) { _, range, _ in
      for pixel in range {
        for item in 0..<output.shape.batch {
          context.kernels.sequences.addScaled(
            weights.gradients + place(pixel), 1,
            outputGradient.pointer + (item * output.pixels + pixel) * stride,
            1, 1, channels)
        }
      }
    }
    guard let inputGradient else { return }
    context.forPieces(output.count, limit: 64, grain: 4096) { _, range, _ in
      (inputGradient.pointer + range.lowerBound).update(
        from: outputGradient.pointer + range.lowerBound, count: range.count)
    }
  }

  /// Where the values of a pixel stand in the table.
  private func place(_ row: Int) -> Int {
    let (band, frame) = (row / output.shape.frames % output.shape.bands, row % output.shape.frames)
    return (band * tableFrames + frame) * channels
  }
}
