import Foundation
import MtagTestSupport
import Testing

/// A slip on the command line costs nobody a file, and nothing is left out without a word.
@Suite struct OutputFileTests {
  @Test(
    "render, extract and export refuse to write over what they read, and names that are not of their kind",
    arguments: [
      "render music/low/0.wav music/low/0.wav", "render music/low/0.wav picture.gif",
      "render music/low/0.wav picture", "render clip.png clip.png",
      "render clip.png music/../clip.png --figure",
      "extract clip.npy --out .", "export --model cnn4 --onnx --out music/low/0.wav",
    ])
  func overwriting(_ command: String) throws {
    let program = try BuiltProgram()
    try program.writeMusic(clips: 1)
    let sound = try #require(FileManager.default.contents(atPath: program.folder.file("music/low/0.wav")))
    for name in ["clip.png", "clip.npy"] {
      try sound.write(to: URL(fileURLWithPath: program.folder.file(name)))
    }
    let result = try program.run(shell: { "\($0) \(command)" })
    #expect(result.code == 64 && result.output.isEmpty, "\(result.code) \(result.errors)")
    for name in ["music/low/0.wav", "clip.png", "clip.npy"] {
      #expect(FileManager.default.contents(atPath: program.folder.file(name)) == sound, "\(name) was changed")
    }
    #expect(!FileManager.default.fileExists(atPath: program.folder.file("picture.gif")))
  }

  @Test("sound of formats that cannot be decoded is named when a folder holds it")
  func foreignSound() throws {
    let program = try BuiltProgram()
    try program.writeMusic(clips: 2)
    for name in ["music/low/a.m4a", "music/low/b.APE", "only.wma"] {
      try Data("sound".utf8).write(to: URL(fileURLWithPath: program.folder.file(name)))
    }
    let extracted = try program.run("extract", "music", "--out", "npy")
    #expect(extracted.code == 0 && extracted.errors.contains("2 files cannot be decoded (.ape, .m4a)"))
    let checked = try program.run("dataset", "info", "music")
    #expect((checked.output + checked.errors).contains("2 files cannot be decoded"), "\(checked.errors)")
    try FileManager.default.createDirectory(
      atPath: program.folder.file("other"), withIntermediateDirectories: true)
    try FileManager.default.moveItem(
      atPath: program.folder.file("only.wma"), toPath: program.folder.file("other/only.wma"))
    let nothing = try program.run("tag", "other", "--model", "gone")
    #expect(nothing.code == 66)
    let empty = try program.run("extract", "other", "--out", "npy")
    #expect(
      empty.code == 66 && empty.lastError.contains("1 file cannot be decoded (.wma)"), "\(empty.errors)")
  }
}
