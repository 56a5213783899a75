import MtagGraph

/// An ONNX tensor as a view of a value of our graph: which of the engine's axes each of its axes runs along. Reshapes,
/// transposes and the like change the view alone; operators look whether it has a form that they can read.
struct TensorView {
  typealias Role = AxisFactor.Role

  /// The graph node whose value it is.
  var node: String
  /// That value's shape.
  var shape: TensorShape
  /// For each ONNX axis what it runs along, the outermost first; empty for an axis of one place.
  var axes: [[AxisFactor]]
  /// What is still to be multiplied and added.
  var affine = Affine()
  /// Zeros that are still to be put around: (before, after) along bands and frames.
  var padding: [Role: (before: Int, after: Int)] = [:]
  /// What more is known of how it was computed.
  var form = Form.plain
  /// If the channels stand in another order than in ONNX: channel i there is channel `order[i]` here.
  var order: [Int]?

  /// Values that are part of a pattern.
  enum Form: Equatable {
    case plain
    /// erf of the graph value, scaled by `scale` before.
    case errorFunction(scale: Float)
    /// max(x, floor)
    case floor(Float)
  }

  /// A factor and an offset, one for all values or one for each channel or band.
  struct Affine: Equatable {
    var role: Role?
    var scale: [Float] = [1]
    var offset: [Float] = [0]

    /// Whether it changes nothing.
    var isIdentity: Bool { scale == [1] && offset == [0] }
    /// Whether one pair of numbers is for all values.
    var isScalar: Bool { role == nil }
    /// The factor, if nothing is added and it is one for all.
    var pureScale: Float? { isScalar && offset == [0] ? scale[0] : nil }
  }

  init(node: String, shape: TensorShape, roles: [Role?]) {
    self.node = node
    self.shape = shape
    axes = roles.map { role in role.map { Self.full($0, shape) } ?? [] }
  }

  /// What an axis that runs along all of one role consists of.
  static func full(_ role: Role, _ shape: TensorShape) -> [AxisFactor] {
    shape[role] == 1 ? [] : [AxisFactor(role: role, size: shape[role], stride: 1)]
  }

  /// The sizes of the ONNX tensor.
  var sizes: [Int] { axes.map { $0.reduce(1) { $0 * $1.size } } }

  /// The roles of an axis, if it runs along whole ones; nil if along parts.
  func roles(_ axis: Int) -> [Role]? {
    let factors = axes[axis]
    return factors.allSatisfy { $0.stride == 1 && $0.size == shape[$0.role] } ? factors.map(\.role) : nil
  }

  /// The same value in another shape; nil if an axis would have to be cut in a way that is no view.
  func reshaped(_ sizes: [Int]) -> TensorView? {
    var rest = axes.flatMap(\.self)[...]
    var result = self
    result.axes = []
    for size in sizes {
      var factors: [AxisFactor] = []
      var open = size
      while open > 1 {
        guard var factor = rest.popFirst() else { return nil }
        if open.isMultiple(of: factor.size) {
          open /= factor.size
        } else {
          guard factor.size.isMultiple(of: open), factor.role != .batch else { return nil }
          let inner = factor.size / open
          rest.insert(AxisFactor(role: factor.role, size: inner, stride: factor.stride), at: rest.startIndex)
          factor = AxisFactor(role: factor.role, size: open, stride: factor.stride * inner)
          open = 1
        }
        factors.append(factor)
      }
      guard open == 1 else { return nil }
      result.axes.append(Self.joined(factors))
    }
    return rest.isEmpty ? result : nil
  }

  /// The axes in another order.
  func transposed(_ order: [Int]) -> TensorView {
    var result = self
    result.axes = order.map { axes[$0] }
    return result
  }

  /// Neighbouring parts of one axis as one.
  private static func joined(_ factors: [AxisFactor]) -> [AxisFactor] {
    var result: [AxisFactor] = []
    for factor in factors {
      if let last = result.last, last.role == factor.role, last.stride == factor.stride * factor.size {
        result[result.count - 1] = AxisFactor(
          role: factor.role, size: last.size * factor.size, stride: factor.stride)
      } else {
        result.append(factor)
      }
    }
    return result
  }
}
