/// The largest sizes that an ONNX file may name: far above any network for music, and low enough that reading a file
/// takes memory in proportion to its bytes, whatever they say.
enum ONNXLimits {
  /// Bytes of the file: protobuf's own limit for one message.
  static let fileBytes = 1 << 31
  /// Bytes that all tensors together take of other files.
  static let externalBytes = 1 << 31
  /// Nodes of the graph.
  static let nodes = 1 << 16
  /// Stored tensors.
  static let tensors = 1 << 16
  /// Declared inputs, outputs and inner values together.
  static let declarations = 1 << 18
  /// UTF-8 bytes of a name.
  static let nameBytes = 1 << 12
  /// UTF-8 bytes of one text of the metadata.
  static let textBytes = 1 << 24
  /// Texts of the metadata, and imported operator sets.
  static let texts = 1 << 12
  /// Axes of a tensor.
  static let axes = 8
  /// The size of one axis.
  static let axisSize = 1 << 40
  /// Values of a tensor.
  static let values = 1 << 40
  /// Names, numbers of attributes and sizes of axes that are kept from one file.
  static let smallParts = 1 << 21
  /// Bytes of all texts that are kept from one file.
  static let allTextBytes = 1 << 26
  /// Values of a tensor that is computed from constants, where it is not one of the file's tensors in another form.
  static let foldedValues = 1 << 22
  /// Values of a tensor that is computed at once, being sizes or indices; larger ones are computed when they are needed.
  static let smallValues = 1 << 12
  /// Values of all tensors together that are computed at once.
  static let allSmallValues = 1 << 22
  /// Constants computed from constants, one behind the other, that are computed only when they are needed.
  static let constantDepth = 16
}
