import MtagCore
import MtagGraph
import MtagKernelTypes

/// A graph compiled for one batch shape: fused steps in order, all memory for tensors and scratch in place before it
/// runs.
final class Plan {
  let input: Tensor
  let logits: Tensor
  /// Other values that are still there after a run, by the names of their nodes.
  let keptValues: [String: Tensor]
  /// The logits' gradient; nil in a plan for inference.
  let logitsGradient: Tensor?
  let steps: [any Step]
  /// What each step computes.
  let costs: [StepCost]
  /// Which weights of an inference engine it last ran with; nil before it ran.
  var weightsVersion: Int?
  private let arena: Arena
  private let scratch: AlignedBuffer
  private let scratchStride: Int

  /// Workers that can be busy at once in a loop that uses scratch memory: such loops are cut into as many pieces, at most.
  static let workerLimit = 64

  init(
    input: Tensor, logits: Tensor, logitsGradient: Tensor?, steps: [any Step], costs: [StepCost],
    tensors: [Tensor], keptValues: [String: Tensor] = [:], threads: Int
  ) throws {
    self.input = input
    self.logits = logits
    self.logitsGradient = logitsGradient
    self.steps = steps
    self.costs = costs
    self.keptValues = keptValues
    arena = try Arena(placing: tensors)
    // Workers do not share cache lines.
    scratchStride = Tensor.padded(steps.map(\.scratchCount).max() ?? 0) + 16
    scratch = AlignedBuffer(count: scratchStride * min(threads, Self.workerLimit))
  }

  /// Copies `[batch, bands, frames, channels]` into the input tensor.
  func setInput(_ values: UnsafeBufferPointer<Float>) {
    let channels = input.shape.channels
    guard let base = values.baseAddress else { return }
    if channels == input.channelStride {
      input.pointer.update(from: base, count: values.count)
      return
    }
    input.pointer.update(repeating: 0, count: input.count)
    for pixel in 0..<(values.count / channels) {
      (input.pointer + pixel * input.channelStride).update(from: base + pixel * channels, count: channels)
    }
  }

  func forward(_ run: Run) {
    let context = context(run)
    for index in steps.indices {
      run.profile.measure(.forward(index)) { steps[index].forward(context) }
    }
  }

  func backward(_ run: Run) {
    let context = context(run)
    for index in steps.indices.reversed() {
      run.profile.measure(.backward(index)) { steps[index].backward(context) }
    }
  }

  /// What differs from run to run.
  struct Run {
    let kernels: KernelTable
    let executor: ParallelExecutor
    let isTraining: Bool
    let dropoutSeed: UInt64
    let parametersChanged: Bool
    var profile: StepProfile?
  }

  private func context(_ run: Run) -> StepContext {
    StepContext(
      kernels: run.kernels, executor: run.executor, isTraining: run.isTraining, dropoutSeed: run.dropoutSeed,
      parametersChanged: run.parametersChanged, scratch: scratch.pointer, scratchStride: scratchStride)
  }
}
