import MtagCore
public import MtagGraph
package import MtagKernelTypes
import MtagKernels

/// Runs one graph with fixed weights, in eval mode (running statistics, no dropout). Belongs to one thread at a time.
public final class InferenceEngine {
  private let graph: Graph
  private let executor: ParallelExecutor
  private let kernels: KernelTable
  private let parameters: ParameterMemory
  private let keptValues: [String]
  private var plans = PlanCache()
  /// Counts the weights that came; a plan that last ran with others makes its filters anew.
  private var weightsVersion = 0
  /// Set to measure where the time goes; nil measures nothing.
  package var profile: StepProfile?

  /// Compiles a graph with its weights.
  /// - Throws: `MtagError` (usage) if the weights do not belong to the graph.
  /// - Parameter keeping: nodes whose values `values(_:batch:frames:)` shall give.
  public convenience init(graph: Graph, weights: Weights, threads: Int, keeping: [String] = []) throws {
    try self.init(
      graph: graph, weights: weights, threads: threads, kernels: Kernels.table(), keeping: keeping)
  }

  /// The same with the hot loops of a chosen level.
  package init(
    graph: Graph, weights: Weights, threads: Int, kernels: KernelTable, keeping: [String] = []
  ) throws {
    if let unknown = keeping.first(where: { name in !graph.nodes.contains { $0.name == name } }) {
      throw MtagError(.usage, "\(graph.name) has no node '\(unknown)' whose values could be kept")
    }
    keptValues = keeping
    self.graph = graph
    self.kernels = kernels
    executor = ParallelExecutor(threads: threads)
    try NetworkResources.require(graph, threads: threads, isTraining: false)
    parameters = try ParameterMemory(graph: graph, weights: weights)
  }

  /// Goes on with other weights; plans and memory stay.
  /// - Throws: `MtagError` (usage) if the weights do not belong to the graph.
  public func use(_ weights: Weights) throws {
    try parameters.replace(with: weights)
    weightsVersion += 1
  }

  /// Whether a batch of this shape can be run here, without running it.
  /// - Throws: `MtagError` (usage) if `frames` is below the graph's minimum or there is not memory enough.
  public func checkMemory(batch: Int, frames: Int) throws {
    let largest =
      try graph.layers(frames: frames).flatMap { $0.inputs.map(\.count) + [$0.output.count] }.max() ?? 0
    try MachineMemory.require(
      floats: largest.multipliedReportingOverflow(by: batch).partialValue, for: "a chunk of \(frames) frames",
      remedy: "use a model with shorter chunks")
  }

  /// `[batch, bands, frames, channels]` → logits `[batch, labels]`.
  /// - Throws: `MtagError` (usage) if `frames` is below the graph's minimum.
  public func logits(_ inputs: UnsafeBufferPointer<Float>, batch: Int, frames: Int) throws -> [Float] {
    return try Self.values(of: run(inputs, batch: batch, frames: frames).logits)
  }

  /// `[batch, bands, frames, channels]` → the values of the nodes named in `keeping`, each `[batch, bands, frames, channels]` of its
  /// own, with their shapes.
  /// - Throws: `MtagError` (usage) if `frames` is below the graph's minimum.
  public func values(_ inputs: UnsafeBufferPointer<Float>, batch: Int, frames: Int) throws
    -> [String: (shape: TensorShape, values: [Float])]
  {
    try run(inputs, batch: batch, frames: frames).keptValues.mapValues { ($0.shape, Self.values(of: $0)) }
  }

  private func run(_ inputs: UnsafeBufferPointer<Float>, batch: Int, frames: Int) throws -> Plan {
    precondition(
      inputs.count == batch * graph.inputBands * frames * graph.inputChannels,
      "\(inputs.count) inputs are not a batch of \(batch) × \(graph.inputBands) × \(frames) × \(graph.inputChannels)"
    )
    let plan = try plan(batch: batch, frames: frames)
    profile.measure(.other("input")) { plan.setInput(inputs) }
    plan.forward(
      Plan.Run(
        kernels: kernels, executor: executor, isTraining: false, dropoutSeed: 0,
        parametersChanged: plan.weightsVersion != weightsVersion, profile: profile))
    plan.weightsVersion = weightsVersion
    return plan
  }

  /// A tensor without its padding.
  private static func values(of tensor: Tensor) -> [Float] {
    let (channels, pixels) = (tensor.shape.channels, tensor.shape.batch * tensor.pixels)
    return [Float](unsafeUninitializedCapacity: pixels * channels) { values, count in
      for pixel in 0..<pixels {
        for channel in 0..<channels {
          values.initializeElement(
            at: pixel * channels + channel, to: tensor.pointer[pixel * tensor.channelStride + channel])
        }
      }
      count = pixels * channels
    }
  }

  /// What `profile` measured of batches of one shape.
  package func profileRows(batch: Int, frames: Int) throws -> [ProfileRow] {
    guard let profile else { return [] }
    return try plan(batch: batch, frames: frames).rows(profile)
  }

  private func plan(batch: Int, frames: Int) throws -> Plan {
    try plans.plan(batch: batch, frames: frames) {
      try Compiler(
        graph: graph, parameters: parameters, kernels: kernels, threads: executor.threads, isTraining: false,
        keptValues: Set(keptValues)
      ).compile(batch: batch, frames: frames)
    }
  }
}
