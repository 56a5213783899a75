import MtagCore
package import MtagGraph
package import MtagKernelTypes

/// One convolution by itself, run by the step that the compiler picks for it: for measurements, and for tests that look at the
/// gradient of its input.
package final class LoneConvolution {
  private let compiler: Compiler
  private let parameters: ParameterMemory
  private let step: any Step
  private let values: [Tensor]
  private let arena: Arena
  private let scratch: AlignedBuffer
  private let scratchStride: Int
  private let executor: ParallelExecutor

  /// - Parameters:
  ///   - input: with its batch; one channel stands unpadded, as the first layer of a network reads it.
  ///   - hasInputGradient: whether `backward` computes the gradient of the input, as behind a network's first layer.
  /// - Throws: `MtagError` (usage) for attributes or sizes that do not fit.
  package init(
    _ attributes: Operation.Convolution, input: TensorShape, hasInputGradient: Bool = true, threads: Int,
    kernels: KernelTable
  ) throws {
    let graph = try Graph(
      name: "convolution", inputBands: input.bands, inputChannels: input.channels,
      nodes: [.init(name: "layer", operation: .convolution(attributes), inputs: [Graph.inputName])])
    try NetworkResources.requireMemory(graph, threads: threads, isTraining: true)
    guard let layer = try graph.layers(frames: input.frames).first else { preconditionFailure("no layer") }
    parameters = try ParameterMemory(
      graph: graph, weights: Weights(initializing: try graph.parameters(), seed: 0))
    compiler = Compiler(
      graph: graph, parameters: parameters, kernels: kernels, threads: threads, isTraining: true)
    executor = ParallelExecutor(threads: threads)
    var outputShape = layer.output
    outputShape.batch = input.batch
    let groups = compiler.fuse([layer])
    func make(_ shape: TensorShape, stride: Int? = nil) -> Tensor {
      Tensor(shape: shape, channelStride: stride, lifetime: 0...0)
    }
    let inputStride = compiler.inputStride(groups)
    let x = make(input, stride: inputStride)
    let y = make(outputShape)
    let dx = hasInputGradient ? make(input, stride: inputStride) : nil
    let dy = make(outputShape)
    values = [x, y, dy] + (dx.map { [$0] } ?? [])
    step = try compiler.makeStep(
      groups[0], at: 0,
      StepTensors(
        name: "layer", inputs: [x], inputGradients: [dx], output: y, outputGradient: dy),
      convolved: nil)
    arena = try Arena(placing: values)
    scratchStride = Tensor.padded(step.scratchCount) + 16
    scratch = AlignedBuffer(count: scratchStride * threads)
  }

  /// `layer.weight` and perhaps `layer.bias`.
  package var weights: Weights {
    get { parameters.snapshot() }
    set { parameters.set(newValue) }
  }

  /// The gradients that `backward` left, in the places of the weights.
  package var weightGradients: [Float] {
    Array(UnsafeBufferPointer(start: parameters.gradients, count: parameters.count))
  }

  /// The input, `[batch, bands, frames, channels]`.
  package func setInput(_ values: [Float]) { step.input.set(values) }

  /// The gradient of the output.
  package func setOutputGradient(_ values: [Float]) { step.outputGradient?.set(values) }

  /// What `forward` left.
  package var output: [Float] { step.output.snapshot() }

  /// What `backward` left.
  package var inputGradient: [Float] { step.inputGradient?.snapshot() ?? [] }

  /// The output's shape.
  package var outputShape: TensorShape { step.output.shape }

  /// Whether all values and gradients past the last channel of a pixel are zero, as every step must leave them.
  package var hasCleanPadding: Bool { values.allSatisfy(\.hasCleanPadding) }

  /// Computes the output.
  /// - Parameter weightsChanged: whether what was made from the weights must be made anew, as after a step of training.
  package func forward(weightsChanged: Bool = true) { step.forward(context(weightsChanged)) }

  /// Computes both gradients.
  package func backward() { step.backward(context(true)) }

  private func context(_ weightsChanged: Bool) -> StepContext {
    StepContext(
      kernels: compiler.kernels, executor: executor, isTraining: compiler.isTraining, dropoutSeed: 0,
      parametersChanged: weightsChanged, scratch: scratch.pointer, scratchStride: scratchStride)
  }
}

extension Tensor {
  func set(_ values: [Float]) {
    precondition(values.count == shape.count, "\(values.count) values for a tensor of \(shape.count)")
    pointer.update(repeating: 0, count: count)
    for (index, value) in values.enumerated() {
      pointer[index / shape.channels * channelStride + index % shape.channels] = value
    }
  }

  func snapshot() -> [Float] {
    (0..<shape.count).map { pointer[$0 / shape.channels * channelStride + $0 % shape.channels] }
  }

  var hasCleanPadding: Bool {
    (0..<count).allSatisfy { $0 % channelStride < shape.channels || pointer[$0] == 0 }
  }
}
