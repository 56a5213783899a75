import MtagCore
import MtagGraph
import MtagKernelTypes

/// Learned frames in front of the others: `[batch, 1, frames, channels]` → `[batch, 1, count + frames, channels]`.
final class TokensStep: Step {
  let tensors: StepTensors
  private let count: Int
  private let weights: ParameterMemory.Slot

  init(_ tensors: StepTensors, count: Int, weights: ParameterMemory.Slot) {
    self.tensors = tensors
    self.count = count
    self.weights = weights
  }

  private var channels: Int { output.shape.channels }

  func forward(_ context: StepContext) {
    let stride = output.channelStride
    context.forPieces(output.shape.batch, limit: 64) { _, range, _ in
      for item in range {
        let y = output.pointer + item * output.pixels * stride
        for token in 0..<count {
          let pixel = y + token * stride
          pixel.update(from: weights.values + token * channels, count: channels)
          (pixel + channels).update(repeating: 0, count: stride - channels)
        }
        (y + count * stride).update(from: input.pointer + item * inputCount, count: inputCount)
      }
    }
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    let stride = output.channelStride
    for token in 0..<count {
      let target = weights.gradients + token * channels
      target.update(repeating: 0, count: channels)
      for item in 0..<output.shape.batch {
        context.kernels.sequences.addScaled(
          target, 1, outputGradient.pointer + (item * output.pixels + token) * stride, 1, 1, channels)
      }
    }
    guard let inputGradient else { return }
    context.forPieces(output.shape.batch, limit: 64) { _, range, _ in
      for item in range {
        (inputGradient.pointer + item * inputCount).update(
          from: outputGradient.pointer + (item * output.pixels + count) * stride, count: inputCount)
      }
    }
  }

  /// Floats of one clip of the input.
  private var inputCount: Int { input.pixels * input.channelStride }
}
