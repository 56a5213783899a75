import MtagCore
package import MtagGraph

/// What a network needs before its first batch: memory for its weights and what is made from them, and the libraries that its
/// operators use. Asked for early, so that a run that cannot work ends before it has cost anything.
package enum NetworkResources {
  /// Partial sums that the gradient of a convolution's weights is cut into, at most.
  private static let gradientPieces = 8.0
  /// Winograd's filters are 36 / 9 times as large as the weights.
  private static let transformed = 4.0

  /// - Throws: `MtagError` (usage) if the weights need more memory than there is, or a library is missing.
  package static func require(_ graph: Graph, threads: Int, isTraining: Bool) throws {
    try requireMemory(graph, threads: threads, isTraining: isTraining)
    let needsBLAS = graph.nodes.contains { node in
      switch node.operation {
      case .linear, .recurrent, .attention: true
      default: false
      }
    }
    if needsBLAS { _ = try BLAS.load() }
  }

  /// The memory alone.
  package static func requireMemory(_ graph: Graph, threads: Int, isTraining: Bool) throws {
    let workers = Double(min(threads, Plan.workerLimit))
    var floats = 0.0
    for layer in try graph.layers(frames: graph.minimumFrames()) {
      let count = layer.parameters.reduce(0.0) { $0 + Double($1.count) }
      // Weights and a scaled copy; in training gradients and two moments.
      floats += (isTraining ? 4 : 2) * count
      guard case .convolution = layer.node.operation else { continue }
      floats += transformed * count
      // Turned filters, partial sums, and a sum in transformed form for each worker.
      if isTraining { floats += (transformed + gradientPieces + transformed * workers) * count }
    }
    try MachineMemory.require(
      floats: Int(min(floats, 1e18)), for: "the network's weights, with what is made from them,",
      remedy: "use a smaller network or fewer threads")
  }
}
