/// What is known of a value of the graph without running it.
struct KnownValue {
  /// Its element type, if known.
  var type: ONNXElementType?
  /// Its sizes as far as known; nil if not even the number of axes is.
  var shape: [Int?]?
  /// Its values, if they are constant and small, or computed from such.
  var constant: ONNXConstant?
  /// The stored tensor that it is.
  var tensor: ONNXFile.Tensor?
  /// The node that computes it from constants, if it is large: it is computed when it is needed.
  var node: NodeReader?
  /// How many such nodes stand one behind the other.
  var depth = 0

  /// The sizes, if all are known.
  var fixedShape: [Int]? {
    guard let shape else { return nil }
    let sizes = shape.compactMap(\.self)
    return sizes.count == shape.count ? sizes : nil
  }

  /// Whether its values are in the file or computed from what is.
  var isConstant: Bool { constant != nil || tensor != nil || node != nil }

  /// A value that is computed when the graph runs.
  static func computed(_ type: ONNXElementType?, _ shape: [Int?]?) -> KnownValue {
    KnownValue(type: type, shape: shape)
  }

  /// A constant.
  static func constant(_ constant: ONNXConstant, _ type: ONNXElementType) -> KnownValue {
    KnownValue(type: type, shape: constant.shape, constant: constant)
  }
}
