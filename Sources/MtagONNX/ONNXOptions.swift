/// How an ONNX file is written.
public struct ONNXOptions: Sendable, Hashable {
  /// Version of the standard operators: 17 … 21.
  public var opset: Int

  /// The versions this program writes. The operators it uses mean the same in all of them.
  public static let opsets = 17...21

  /// Makes options; what is left out has the default that most runtimes read.
  public init(opset: Int = 17) { self.opset = opset }

  /// Version of the file format that came with an opset.
  /// - Source: ONNX's "Versioning" page, table of released versions.
  var formatVersion: Int64 {
    switch opset {
    case ...18: 8
    case ...20: 9
    default: 10
    }
  }
}
