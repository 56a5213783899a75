import MtagCore
package import MtagGraph
package import MtagKernelTypes

/// One operator by itself, run by the step that the compiler picks for it: for tests that look at the gradients of its inputs.
///
/// All memory that it must write holds no numbers before it runs, so that nothing can be left out unseen.
package final class LoneStep {
  private let compiler: Compiler
  private let parameters: ParameterMemory
  private let step: any Step
  private let arena: Arena
  private let scratch: AlignedBuffer
  private let scratchStride: Int
  private let executor: ParallelExecutor

  /// - Parameters:
  ///   - inputs: shapes with their batch, which is the same for all.
  ///   - isTraining: whether it has gradients and uses batch statistics.
  /// - Throws: `MtagError` (usage) for attributes or sizes that do not fit.
  package init(
    _ operation: Operation, inputs: [TensorShape], isTraining: Bool = true, threads: Int, kernels: KernelTable
  ) throws {
    let layer = try Layer(of: operation, inputs: inputs)
    parameters = ParameterMemory(
      name: "operator", weights: Weights(initializing: layer.parameters, seed: 0))
    // What a compiler needs to know of a network: there is none around this operator.
    let graph = try Graph(
      name: "operator", inputBands: 1, inputChannels: 1,
      nodes: [.init(name: "none", operation: .activation(.relu), inputs: [Graph.inputName])])
    compiler = Compiler(
      graph: graph, parameters: parameters, kernels: kernels, threads: threads, isTraining: isTraining)
    executor = ParallelExecutor(threads: threads)
    func make(_ shape: TensorShape) -> Tensor { Tensor(shape: shape, lifetime: 0...0) }
    let values = inputs.map(make)
    var outputShape = layer.output
    outputShape.batch = inputs[0].batch
    let output = make(outputShape)
    // A batch norm of channels puts its input's gradient in place of the input.
    let group = compiler.fuse([layer])[0]
    let isOverwriting = group.kind == .norm
    let gradients = isTraining ? isOverwriting ? values : inputs.map(make) : []
    let outputGradient = isTraining ? make(outputShape) : nil
    step = try compiler.makeStep(
      group, at: 0,
      StepTensors(
        name: "layer", inputs: values, inputGradients: isTraining ? gradients : inputs.map { _ in nil },
        output: output, outputGradient: outputGradient),
      convolved: nil)
    arena = try Arena(
      placing: values + [output] + (isOverwriting ? [] : gradients) + (outputGradient.map { [$0] } ?? []))
    scratchStride = Tensor.padded(step.scratchCount) + 16
    scratch = AlignedBuffer(count: scratchStride * threads)
  }

  /// The operator's weights, named `layer.weight` and so on.
  package var weights: Weights {
    get { parameters.snapshot() }
    set { parameters.set(newValue) }
  }

  /// The gradients that `backward` left, by name.
  package var weightGradients: Weights {
    var gradients = parameters.snapshot()
    for index in gradients.values.indices { gradients.values[index] = parameters.gradients[index] }
    return gradients
  }

  /// An input, `[batch, bands, frames, channels]`.
  package func setInput(_ index: Int, _ values: [Float]) { step.inputs[index].set(values) }

  /// The gradient of the output.
  package func setOutputGradient(_ values: [Float]) { step.outputGradient?.set(values) }

  /// The output's shape.
  package var outputShape: TensorShape { step.output.shape }

  /// What `forward` left.
  package var output: [Float] { step.output.snapshot() }

  /// What `backward` left for an input.
  package func inputGradient(_ index: Int) -> [Float] { step.inputGradients[index]?.snapshot() ?? [] }

  /// Whether what was written past the last channel of a pixel is zero, as every step must leave it.
  package var hasCleanPadding: Bool {
    ([step.output] + step.inputGradients.compactMap { $0 }).allSatisfy(\.hasCleanPadding)
  }

  /// Computes the output.
  package func forward() {
    step.output.pointer.update(repeating: .nan, count: step.output.count)
    step.forward(context)
  }

  /// Computes all gradients.
  package func backward() {
    for (value, gradient) in zip(step.inputs, step.inputGradients) {
      guard let gradient, gradient !== value else { continue }
      gradient.pointer.update(repeating: .nan, count: gradient.count)
    }
    step.backward(context)
  }

  private var context: StepContext {
    StepContext(
      kernels: compiler.kernels, executor: executor, isTraining: compiler.isTraining, dropoutSeed: 0,
      parametersChanged: true, scratch: scratch.pointer, scratchStride: scratchStride)
  }
}
