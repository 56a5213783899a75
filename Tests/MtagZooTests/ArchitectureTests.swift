import Foundation
import MtagEngine
import MtagTestSupport
import MtagZoo
import Testing

/// What holds for every architecture of the zoo; a new one is tested by being registered.
@Suite struct ArchitectureTests {
  static let names = (try? Zoo().architectures.names) ?? []

  @Test("is exported as ONNX", arguments: names)
  func exported(_ name: String) throws {
    let folder = try TemporaryFolder()
    let path = try Zoo().exportUntrainedONNX(model: name, to: folder.file("a.onnx"))
    #expect((FileManager.default.contents(atPath: path)?.count ?? 0) > 1000)
  }
}
