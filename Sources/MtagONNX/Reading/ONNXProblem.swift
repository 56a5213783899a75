/// What is wrong with an ONNX file, at one place of it.
public struct ONNXProblem: Codable, Hashable, Sendable, CustomStringConvertible {
  /// `node 'conv1' (Conv)`, `input 'x'`; empty for the file as a whole.
  public let place: String
  /// What is wrong.
  public let reason: String

  init(_ place: String, _ reason: String) {
    self.place = ONNXFile.line(place)
    self.reason = ONNXFile.line(reason)
  }

  /// One line.
  public var description: String { place.isEmpty ? reason : "\(place): \(reason)" }
}
