/// The largest sizes a graph may name. They are far above any network for music, and low enough that no product of
/// sizes that a hostile file can ask for overflows unnoticed.
package enum GraphLimits {
  /// Nodes of a graph.
  package static let nodes = 1 << 14
  /// Values that one node reads.
  package static let inputs = 1 << 10
  /// Channels of a value, features of a linear layer.
  package static let channels = 1 << 16
  /// Bands of the input.
  package static let bands = 1 << 16
  /// Frames of the input.
  package static let frames = 1 << 20
  /// A kernel's, stride's or padding's extent along one axis.
  package static let extent = 1 << 12
  /// Values of one node's output for one clip.
  package static let values = 1 << 48
  /// Weights of a graph, all tensors together.
  package static let weights = 1 << 31
  /// UTF-8 bytes of a name.
  package static let nameBytes = 512
}

/// The product of sizes, or nil if it does not fit an `Int`.
package func checkedProduct(_ factors: Int...) -> Int? {
  var result = 1
  for factor in factors {
    let (product, overflow) = result.multipliedReportingOverflow(by: factor)
    if overflow { return nil }
    result = product
  }
  return result
}
