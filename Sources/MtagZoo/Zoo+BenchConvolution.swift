public import MtagCore
import MtagEngine
import MtagGraph
import MtagKernels

extension Zoo {
  /// Times one convolution by itself on noise, forward and backward, weights made ready each time as in training.
  /// - Throws: `MtagError` (usage) for sizes that make no sense.
  public func benchConvolution(
    _ options: ConvolutionBenchOptions, observer: Observer = .silent
  ) throws -> ConvolutionBenchResult {
    try options.validate()
    let (attributes, shape) = (try options.attributes(), try options.inputShape())
    let layer = try LoneConvolution(
      attributes, input: shape, hasInputGradient: options.hasInputGradient, threads: options.threads,
      kernels: try Kernels.table())
    var random = RandomGenerator(seed: 0)
    layer.setInput((0..<shape.count).map { _ in random.uniform(-1, 1) })
    layer.setOutputGradient((0..<layer.outputShape.count).map { _ in random.uniform(-1, 1) })
    let forward = try BenchTimes(repeats: options.repeats, warmUp: 2) {
      try observer.checkCancelled()
      layer.forward(weightsChanged: false)
    }
    let backward = try BenchTimes(repeats: options.repeats, warmUp: 2) {
      try observer.checkCancelled()
      layer.backward()
    }
    let taps = attributes.kernel.bands * attributes.kernel.frames
    let operations = 2e-6 * Double(layer.outputShape.count * taps * (shape.channels / attributes.groups))
    return ConvolutionBenchResult(
      unit: "ms per batch", operation: Operation.convolution(attributes).label, forward: forward,
      backward: backward, forwardGFLOPS: operations / forward.median,
      backwardGFLOPS: operations * (options.hasInputGradient ? 2 : 1) / backward.median)
  }
}
