import MtagCore
package import MtagGraph
package import MtagKernelTypes

/// One operator by itself, run by the step that the compiler picks for it: for tests that look at every value it reads and writes.
package final class LoneOperator {
  private let compiler: Compiler
  private let parameters: ParameterMemory
  private let step: any Step
  private let values: [Tensor]
  private let arena: Arena
  private let scratch: AlignedBuffer
  private let scratchStride: Int
  private let executor: ParallelExecutor

  /// - Parameters:
  ///   - input: with its batch.
  ///   - isPadded: whether the input stands as values between nodes do; else as the network's input may.
  /// - Throws: `MtagError` (usage) for attributes or sizes that do not fit.
  package init(
    _ operation: Operation, input: TensorShape, isPadded: Bool = true, threads: Int, kernels: KernelTable
  ) throws {
    let graph = try Graph(
      name: "operator", inputBands: input.bands, inputChannels: input.channels,
      nodes: [.init(name: "layer", operation: operation, inputs: [Graph.inputName])])
    guard let layer = try graph.layers(frames: input.frames).first else { preconditionFailure("no layer") }
    parameters = try ParameterMemory(
      graph: graph, weights: Weights(initializing: try graph.parameters(), seed: 0))
    compiler = Compiler(
      graph: graph, parameters: parameters, kernels: kernels, threads: threads, isTraining: true)
    executor = ParallelExecutor(threads: threads)
    var outputShape = layer.output
    outputShape.batch = input.batch
    func make(_ shape: TensorShape, stride: Int? = nil) -> Tensor {
      Tensor(shape: shape, channelStride: stride, lifetime: 0...0)
    }
    let groups = compiler.fuse([layer])
    let inputStride = isPadded ? nil : compiler.inputStride(groups)
    let (x, dx) = (make(input, stride: inputStride), make(input, stride: inputStride))
    let (y, dy) = (make(outputShape), make(outputShape))
    values = [x, dx, y, dy]
    step = try compiler.makeStep(
      groups[0], at: 0,
      StepTensors(name: "layer", inputs: [x], inputGradients: [dx], output: y, outputGradient: dy),
      convolved: nil)
    arena = try Arena(placing: values)
    scratchStride = Tensor.padded(step.scratchCount) + 16
    scratch = AlignedBuffer(count: scratchStride * threads)
  }

  /// The weights, all called `layer.…`.
  package var weights: Weights {
    get { parameters.snapshot() }
    set { parameters.set(newValue) }
  }

  /// The gradients that the last run left, in the places of the weights.
  package var weightGradients: Weights {
    var copy = parameters.snapshot()
    for i in copy.values.indices { copy.values[i] = parameters.gradients[i] }
    return copy
  }

  /// The output's shape.
  package var outputShape: TensorShape { step.output.shape }
  /// What the last run left.
  package var output: [Float] { values[2].contents }
  /// What the last run left.
  package var inputGradient: [Float] { values[1].contents }
  /// Whether all values and gradients past the last channel of a pixel are zero, as every step must leave them.
  package var hasCleanPadding: Bool { values.allSatisfy(\.hasZeroPadding) }

  /// Forward and backward. All memory that must be written is filled with NaN before, and after forward the output too if
  /// `overwritesOutput`, as by a batch norm that follows.
  package func run(input: [Float], outputGradient: [Float], overwritesOutput: Bool = false) {
    step.input.setContents(input)
    for tensor in values.dropFirst() { tensor.pointer.update(repeating: .nan, count: tensor.count) }
    parameters.gradients.update(repeating: .nan, count: parameters.count)
    scratch.pointer.update(repeating: .nan, count: scratch.count)
    values[3].setContents(outputGradient)
    let context = StepContext(
      kernels: compiler.kernels, executor: executor, isTraining: true, dropoutSeed: 0,
      parametersChanged: true,
      scratch: scratch.pointer, scratchStride: scratchStride)
    step.forward(context)
    let output = output
    if overwritesOutput { values[2].pointer.update(repeating: .nan, count: values[2].count) }
    scratch.pointer.update(repeating: .nan, count: scratch.count)
    step.backward(context)
    if overwritesOutput { values[2].setContents(output) }
  }
}

extension Tensor {
  fileprivate func setContents(_ values: [Float]) {
    precondition(values.count == shape.count, "\(values.count) values for a tensor of \(shape.count)")
    pointer.update(repeating: 0, count: count)
    for (index, value) in values.enumerated() {
      pointer[index / shape.channels * channelStride + index % shape.channels] = value
    }
  }

  fileprivate var contents: [Float] {
    (0..<shape.count).map { pointer[$0 / shape.channels * channelStride + $0 % shape.channels] }
  }

  fileprivate var hasZeroPadding: Bool {
    (0..<count).allSatisfy { $0 % channelStride < shape.channels || pointer[$0] == 0 }
  }
}
