import Foundation
import MtagCore
import MtagGraph
import MtagONNX
import MtagTestSupport
import Testing

/// Weights in another file: only in the ONNX file's folder.
@Suite struct ExternalDataTests {
  private static func write(_ folder: TemporaryFolder, _ texts: [(String, String)]) throws -> String {
    let bytes = WireBytes.model { $0.meanNetwork { $0.external("head.weight", [3, 2], texts) } }
    let path = folder.file("model.onnx")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  private static let values: [Float] = [1, 2, 3, 4, 5, 6]
  private static var data: Data { values.withUnsafeBytes { Data($0) } }

  @Test("values beside the file are read, from their place") func beside() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder.file("inner"), withIntermediateDirectories: true)
    try (Data(count: 8) + Self.data).write(to: URL(fileURLWithPath: folder.file("inner/w.bin")))
    let path = try Self.write(folder, [("location", "inner/w.bin"), ("offset", "8"), ("length", "24")])
    let translation = try ONNXFile(path: path).translated()
    #expect(translation.weights["head.weight"] == Self.values)
  }

  @Test("paths that leave the folder, and places that are not there")
  func refused() throws {
    let folder = try TemporaryFolder()
    let outside = try TemporaryFolder()
    try Self.data.write(to: URL(fileURLWithPath: folder.file("w.bin")))
    try Self.data.write(to: URL(fileURLWithPath: outside.file("secret.bin")))
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.bin"), withDestinationPath: outside.file("secret.bin"))
    let cases: [([(String, String)], String)] = [
      ([("location", outside.file("secret.bin"))], "leaves the folder"),
      ([("location", "../\((outside.path as NSString).lastPathComponent)/secret.bin")], "leaves the folder"),
      ([("location", "inner/../../secret.bin")], "leaves the folder"),
      ([("location", "link.bin")], "a link that leaves the folder"),
      ([("location", "none.bin")], "there is no file"),
      ([("location", ".")], "refused"),
      ([("location", "")], "names no file"),
      ([("location", "w.bin"), ("offset", "4")], "are not in the 24"),
      ([("location", "w.bin"), ("offset", "-4")], "is no size"),
      ([("location", "w.bin"), ("offset", "9223372036854775807")], "are not in the 24"),
      ([("location", "w.bin"), ("length", "20")], "takes 24"),
    ]
    for (texts, words) in cases {
      let path = try Self.write(folder, texts)
      let error = #expect(throws: MtagError.self) { try ONNXFile(path: path).translated() }
      #expect(error?.kind == .badData)
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
      #expect(error?.message.contains("head.weight") == true)
    }
  }
}
