import MtagGraph
import MtagKernelTypes

/// y = eˣ / Σ eˣ along an axis: over the channels of each pixel, or for each channel over frames or bands.
final class SoftmaxStep: Step {
  let tensors: StepTensors
  private let axis: Operation.Axis

  init(_ tensors: StepTensors, axis: Operation.Axis) {
    self.tensors = tensors
    self.axis = axis
  }

  func forward(_ context: StepContext) { run(context, gradient: nil, into: output) }

  func backward(_ context: StepContext) {
    guard let inputGradient, let outputGradient else { return }
    run(context, gradient: outputGradient, into: inputGradient)
  }

  private func run(_ context: StepContext, gradient: Tensor?, into target: Tensor) {
    let (shape, stride) = (input.shape, input.channelStride)
    let rowWidth = shape.frames * stride
    let (length, step, width, runStep) =
      switch axis {
      case .channels: (shape.channels, 1, stride, stride)
      case .frames: (shape.frames, stride, stride, rowWidth)
      case .bands: (shape.bands, rowWidth, rowWidth, shape.bands * rowWidth)
      }
    let run = SoftmaxRun(
      length: length, step: step, width: width, runStep: runStep, channels: shape.channels, stride: stride,
      source: input.pointer, gradient: gradient.map { UnsafePointer($0.pointer) }, target: target.pointer)
    let runs = input.count / runStep
    context.forPieces(axis == .channels ? runs : runs * (width / 16), limit: 64) { _, range, _ in
      context.kernels.pointwise.softmax(run, range.lowerBound, range.count)
    }
  }
}
