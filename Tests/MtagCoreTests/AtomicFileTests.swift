import Foundation
import MtagCore
import MtagTestSupport
import Testing

@Suite struct AtomicFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }

  @Test("a file replaces the one before, and nothing else is left in the folder")
  func replaces() throws {
    try AtomicFile.write("old", to: folder.file("a.txt"))
    try AtomicFile.write("new", to: folder.file("a.txt"))
    #expect(try String(contentsOfFile: folder.file("a.txt"), encoding: .utf8) == "new")
    #expect(names == ["a.txt"])
  }

  @Test("work that fails half-way leaves the old content and no rest")
  func failure() throws {
    try AtomicFile.write("old", to: folder.file("a.txt"))
    #expect(throws: MtagError.self) {
      try AtomicFile.write(to: folder.file("a.txt")) { handle in
        try Data("half".utf8).withUnsafeBytes { try handle.append($0) }
        throw MtagError(.interrupted, "stopped")
      }
    }
    #expect(try String(contentsOfFile: folder.file("a.txt"), encoding: .utf8) == "old")
    #expect(names == ["a.txt"])
  }

  @Test("a name as long as the file system takes can be written")
  func longName() throws {
    let name = String(repeating: "a", count: 255)
    try AtomicFile.write("text", to: folder.file(name))
    #expect(names == [name])
  }

  @Test("a folder that is not there, or one in the file's place, is an output that cannot be made")
  func cannotCreate() throws {
    try AtomicFile.makeFolder(folder.file("taken"))
    for name in ["gone/a.txt", "taken"] {
      let error = try #require(throws: MtagError.self) {
        try AtomicFile.write("text", to: folder.file(name))
      }
      #expect(error.kind == .cannotCreate && error.message.contains(name), "\(error)")
    }
    #expect(names == ["taken"])
  }
}
