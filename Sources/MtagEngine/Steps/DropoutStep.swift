import MtagCore
import MtagGraph

/// Dropout: in training, zeroes each value with probability `rate` and scales the rest by 1 / (1 − rate).
///
/// Whether a value is kept depends on the seed, the step of training and its place alone, so nothing needs to be stored.
final class DropoutStep: Step {
  let tensors: StepTensors
  private let rate: Float
  private let salt: UInt64

  init(
    _ tensors: StepTensors, rate: Float,
    position: Int
  ) {
    self.tensors = tensors
    self.rate = rate
    salt = UInt64(position) &* 0xA24B_AED4_963E_E407
  }

  func forward(_ context: StepContext) { apply(input.pointer, output.pointer, context) }

  func backward(_ context: StepContext) {
    guard let inputGradient, let outputGradient else { return }
    apply(outputGradient.pointer, inputGradient.pointer, context)
  }

  private func apply(
    _ source: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ context: StepContext
  ) {
    guard context.isTraining, rate > 0 else {
      target.update(from: source, count: output.count)
      return
    }
    let scale = 1 / (1 - rate)
    let threshold = UInt64(Double(rate) * 0x1p53)
    let seed = context.dropoutSeed ^ salt
    context.forPieces(output.count, limit: 64) { _, range, _ in
      for i in range {
        var generator = SplitMix64(state: seed &+ UInt64(i) &* 0x9E37_79B9_7F4A_7C15)
        target[i] = generator.next() >> 11 < threshold ? 0 : source[i] * scale
      }
    }
  }
}
