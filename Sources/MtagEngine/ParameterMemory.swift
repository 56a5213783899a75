import MtagCore
import MtagGraph

/// All weights and all gradients, each in one flat allocation in the order of `Weights.values`: so optimizers and
/// checkpoints are flat loops.
final class ParameterMemory {
  /// Where one parameter and its gradient stand.
  struct Slot {
    let values: UnsafeMutablePointer<Float>
    let gradients: UnsafeMutablePointer<Float>
    let count: Int
  }

  let count: Int
  private let layout: Weights
  private let name: String
  private let valueBuffer: AlignedBuffer
  private let gradientBuffer: AlignedBuffer

  /// - Throws: `MtagError` (usage) if the weights are not those of the graph.
  convenience init(graph: Graph, weights: Weights) throws {
    guard weights.parameters == (try graph.parameters()) else { throw Self.mismatch(graph.name) }
    self.init(name: graph.name, weights: weights)
  }

  /// Memory for any weights.
  init(name: String, weights: Weights) {
    layout = weights
    self.name = name
    count = weights.values.count
    valueBuffer = AlignedBuffer(count: count)
    gradientBuffer = AlignedBuffer(count: count)
    set(weights)
  }

  /// Overwrites the values with those of other weights.
  /// - Throws: `MtagError` (usage) if they are not of the same network.
  func replace(with weights: Weights) throws {
    guard weights.parameters == layout.parameters else { throw Self.mismatch(name) }
    set(weights)
  }

  private static func mismatch(_ name: String) -> MtagError {
    MtagError(.usage, "the weights do not belong to the network '\(name)': other names or shapes")
  }

  var values: UnsafeMutablePointer<Float> { valueBuffer.pointer }
  var gradients: UnsafeMutablePointer<Float> { gradientBuffer.pointer }

  /// The places of the parameters that training changes, in order.
  var trainedRanges: [Range<Int>] {
    layout.parameters.indices.filter { layout.parameters[$0].isTrained }.map { layout.range(at: $0) }
  }

  func slot(_ name: String) -> Slot {
    guard let range = layout.range(of: name) else { preconditionFailure("no parameter \(name)") }
    return Slot(
      values: values + range.lowerBound, gradients: gradients + range.lowerBound, count: range.count)
  }

  /// A copy of the values.
  func snapshot() -> Weights {
    var copy = layout
    copy.values = Array(valueBuffer.readOnly)
    return copy
  }

  /// Overwrites the values.
  func set(_ weights: Weights) {
    precondition(weights.values.count == count)
    weights.values.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      values.update(from: base, count: count)
    }
  }
}
