import Foundation
import MtagTestSupport
import Testing

@Suite struct RenderCommandTests {
  private func program() throws -> BuiltProgram {
    let program = try BuiltProgram()
    try program.writeMusic(clips: 2)
    return program
  }

  private func bytes(_ name: String, of program: BuiltProgram) throws -> Data {
    try #require(FileManager.default.contents(atPath: program.folder.file(name)), "\(name) was not written")
  }

  @Test("--figure draws PNG, SVG and PDF by the ending; documents are figures without being asked")
  func formats() throws {
    let program = try program()
    for (arguments, beginning) in [
      ("a.png --figure --size 640x320 --scale 2 --theme dark", "\u{89}PNG"), ("a.svg --title Tones", "<?xml"),
      ("a.pdf --range -60:0", "%PDF-"), ("b.SVG", "<?xml"),
    ] {
      let result = try program.run(shell: { "\($0) render music/low/0.wav \(arguments)" })
      let name = String(arguments.prefix { $0 != " " })
      #expect(result.code == 0 && result.lines == [name], "\(arguments): \(result.errors)")
      let written = try bytes(name, of: program)
      #expect(written.starts(with: beginning.unicodeScalars.map { UInt8($0.value) }), "\(arguments)")
    }
    // Width and height of the picture stand at byte 16 of a PNG.
    let header = try bytes("a.png", of: program)[16..<24]
    #expect([UInt8](header) == [0, 0, 5, 0, 0, 0, 2, 128])
    let text = String(decoding: try bytes("a.svg", of: program), as: UTF8.self)
    #expect(
      text.contains("<title>Tones</title>")
        && text.contains("melspec · 128 mel bands, 22,050 Hz, window 2048, hop 512"))
    #expect(text.contains("feature_spec_sha256: "))
    #expect(String(decoding: try bytes("b.SVG", of: program), as: UTF8.self).contains("<title>0.wav</title>"))
  }

  @Test("A folder becomes a folder of figures, PNG or what --format says")
  func folder() throws {
    let program = try program()
    let figures = try program.run("render", "music", "out", "--figure", "--format", "svg", "--quiet")
    #expect(
      figures.code == 0 && figures.lines == ["high/0", "high/1", "low/0", "low/1"].map { "out/\($0).svg" })
    #expect(try program.run("render", "music", "png", "--figure").lines.first == "png/high/0.png")
  }

  @Test("Pixels without axes are what they were: one for each frame and band; --range holds for them too")
  func pixels() throws {
    let program = try program()
    #expect(try program.run("render", "music/low/0.wav", "a.png").code == 0)
    #expect([UInt8](try bytes("a.png", of: program)[16..<24]) == [0, 0, 0, 35, 0, 0, 0, 128])
    #expect(try program.run("render", "music/low/0.wav", "b.png", "--gray16", "--range", "-50:-10").code == 0)
    #expect(try bytes("b.png", of: program).range(of: Data("mtag.low\u{0}-50.0".utf8)) != nil)
  }

  @Test(
    "What does not go together, or cannot be, is bad usage, and nothing is written",
    arguments: [
      "a.png --title x", "a.png --theme dark", "a.png --scale 2", "a.png --format svg",
      "a.png --figure --gray16",
      "a.svg --gray16", "a.png --figure --theme sepia", "a.png --figure --size 100x100", "a.jpg --figure",
      "a.png --figure --size big", "a.png --figure --scale 0", "a.png --figure --scale nan",
      "a.png --range 0:-80",
      "a.png --range 3", "a.png --features waveform", "a.png --range nan:1",
      "a.png --figure --size 16000x16000",
    ])
  func wrongCalls(_ arguments: String) throws {
    let program = try program()
    let result = try program.run(shell: { "\($0) render music/low/0.wav \(arguments)" })
    #expect(result.code == 64 && !result.errors.isEmpty, "\(result.code) \(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: program.folder.file("a.png")))
  }

  @Test(
    "A machine without fonts is told so", .enabled(if: isLinux, "fontconfig has the fonts on Linux alone"))
  func noFonts() throws {
    let program = try program()
    let fonts = try program.folder.write("<?xml version=\"1.0\"?><fontconfig></fontconfig>", "fonts.conf")
    let result = try program.run(shell: { "FONTCONFIG_FILE=\(fonts) \($0) render music/low/0.wav a.svg" })
    #expect(result.code == 66 && result.lastError.contains("no font"), "\(result.code) \(result.errors)")
    #expect(try program.run("render", "music/low/0.wav", "a.png").code == 0)
  }

  private static var isLinux: Bool {
    #if os(Linux)
      true
    #else
      false
    #endif
  }
}
