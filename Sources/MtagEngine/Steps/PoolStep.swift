import MtagGraph
import MtagKernelTypes

/// The largest value or the mean or sum of windows; see `PoolKernels`. The gradient of a largest value goes to the first place
/// that held it, as PyTorch's does.
final class PoolStep: Step {
  let tensors: StepTensors
  private let takesLargest: Bool
  private let bands: PoolWindows
  private let frames: PoolWindows

  init(_ tensors: StepTensors, takesLargest: Bool, bands: PoolWindows, frames: PoolWindows) {
    self.tensors = tensors
    self.takesLargest = takesLargest
    self.bands = bands
    self.frames = frames
  }

  func forward(_ context: StepContext) {
    let run = run
    context.forPieces(output.shape.batch * output.pixels * run.chunks, limit: 64) { _, units, _ in
      context.kernels.pool.forward(run, units.lowerBound, units.count)
    }
  }

  func backward(_ context: StepContext) {
    guard let inputGradient, let outputGradient else { return }
    let run = run
    let gradient = PoolGradient(
      target: outputGradient.pointer, source: inputGradient.pointer,
      isPartition: bands.isPartition && frames.isPartition)
    context.forPieces(input.shape.batch * run.chunks, limit: 64) { _, slabs, _ in
      context.kernels.pool.backward(run, gradient, slabs.lowerBound, slabs.count)
    }
  }

  private var run: PoolRun {
    PoolRun(
      takesLargest: takesLargest, bands: bands.axis, frames: frames.axis, channels: input.channelStride,
      source: input.pointer, target: output.pointer)
  }
}
