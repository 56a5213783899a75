import Foundation

/// Decades in natural logarithms, which are what ONNX has.
enum Decades {
  /// ln 10
  static let naturalLogarithm = log(10.0)
}
