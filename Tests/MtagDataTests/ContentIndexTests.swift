import Foundation
import MtagCore
import MtagData
import MtagTestSupport
import Testing

@Suite struct ContentIndexTests {
  private let folder: TemporaryFolder
  private var cache: String { folder.file("cache") }

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("one", "clips/a b.wav")
    try folder.write("two", "clips/c.wav")
  }

  private func index(settledSeconds: Double = 0) -> ContentIndex {
    ContentIndex(cacheFolder: cache, settledSeconds: settledSeconds)
  }

  private func indexFile() throws -> String {
    let name = try #require(FileManager.default.contentsOfDirectory(atPath: cache + "/contents").first)
    return cache + "/contents/" + name
  }

  /// Makes the index say that each file has the hash of the letter x repeated: whoever then gets it has not read the file.
  private func mark() throws {
    let lines = try String(contentsOfFile: indexFile(), encoding: .utf8).split(separator: "\n").map { line in
      var words = line.split(separator: " ", maxSplits: 5)
      if words.count == 6 { words[4] = Substring(repeatElement("x", count: 64)) }
      return words.joined(separator: " ") + "\n"
    }
    try lines.joined().write(toFile: indexFile(), atomically: true, encoding: .utf8)
  }

  private let isMarked: (String) -> Bool = { $0.allSatisfy { $0 == "x" } }

  @Test("a file that did not change is not read again; one that changed, or was replaced, is")
  func remembers() throws {
    let (first, second) = (folder.file("clips/a b.wav"), folder.file("clips/c.wav"))
    let fresh = index()
    let hashes = try [first, second].map { try fresh.hash(ofFile: $0) }
    #expect(hashes[0] != hashes[1])
    #expect(try hashes[0] == SHA256Digest.hex(of: "one"))
    try fresh.save()
    try mark()
    for path in [first, second] { #expect(isMarked(try index().hash(ofFile: path))) }

    try folder.write("three", "clips/c.wav")
    #expect(try index().hash(ofFile: second) == SHA256Digest.hex(of: "three"))
    #expect(isMarked(try index().hash(ofFile: first)))
  }

  @Test("other bytes of the same length under the same name and time are noticed")
  func forgedTime() throws {
    let path = folder.file("clips/c.wav")
    let fresh = index()
    _ = try fresh.hash(ofFile: path)
    try fresh.save()
    let date = try #require(FileManager.default.attributesOfItem(atPath: path)[.modificationDate])
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try handle.write(contentsOf: Data("TWO".utf8))
    try handle.close()
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    #expect(try index().hash(ofFile: path) == SHA256Digest.hex(of: "TWO"))
  }

  @Test("a file that changed a moment ago is not remembered: its time might not tell the next change")
  func unsettled() throws {
    let index = index(settledSeconds: 3600)
    _ = try index.hash(ofFile: folder.file("clips/c.wav"))
    try index.save()
    #expect(!FileManager.default.fileExists(atPath: cache + "/contents"))
  }

  @Test(
    "a damaged index costs reading, nothing else",
    arguments: ["", "no index", "mtag-zoo contents 1\n1 2 3\nx x x x x x\n \n", "mtag-zoo contents 2\n"])
  func damaged(_ text: String) throws {
    let path = folder.file("clips/c.wav")
    let fresh = index()
    let hash = try fresh.hash(ofFile: path)
    try fresh.save()
    try text.write(toFile: indexFile(), atomically: true, encoding: .utf8)
    let again = index()
    #expect(try again.hash(ofFile: path) == hash)
    try again.save()
    try mark()
    #expect(isMarked(try index().hash(ofFile: path)))
  }

  @Test("what another process wrote meanwhile is kept")
  func shared() throws {
    let (one, other) = (index(), index())
    _ = try one.hash(ofFile: folder.file("clips/a b.wav"))
    _ = try other.hash(ofFile: folder.file("clips/c.wav"))
    try one.save()
    try other.save()
    try mark()
    for name in ["a b.wav", "c.wav"] {
      #expect(isMarked(try index().hash(ofFile: folder.file("clips/" + name))))
    }
  }

  @Test("a file that is not there is an error as ever")
  func missing() {
    #expect(throws: MtagError.self) { try index().hash(ofFile: folder.file("clips/gone.wav")) }
  }
}
