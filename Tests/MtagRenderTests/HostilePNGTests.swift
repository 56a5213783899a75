import MtagCore
import MtagRender
import MtagTestSupport
import Testing

@Suite struct HostilePNGTests {
  private func expectRefusal(_ path: String, _ kind: MtagError.Kind, _ reason: String) {
    let error = #expect(throws: MtagError.self) { try SpectrogramImage.decodeGray16(path) }
    #expect(error?.kind == kind)
    #expect(error?.message.contains(path) == true)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "no error")")
  }

  private func picture(_ scratch: TemporaryFolder, depth: RenderOptions.Depth) throws -> String {
    let map = FeatureMap(bands: 8, frames: 60, values: (0..<480).map { Float(($0 * 37) % 101) })
    let path = scratch.file("\(depth).png")
    try SpectrogramImage.write(map, to: path, options: RenderOptions(depth: depth), metadata: [("k", "v")])
    return path
  }

  @Test(
    "A missing file, a folder, an empty file, a text and a colour picture are refused, each with its reason")
  func refusesOthers() throws {
    let scratch = try TemporaryFolder()
    expectRefusal(scratch.file("absent.png"), .inputMissing, "no such file")
    expectRefusal(scratch.path, .inputMissing, "folder")
    expectRefusal(try scratch.write([], as: "empty.png"), .badData, "no readable PNG")
    expectRefusal(
      try scratch.write(Array("no picture at all".utf8), as: "text.png"), .badData, "no readable PNG")
    expectRefusal(try picture(scratch, depth: .color8), .badData, "no 16-bit grey PNG")
  }

  @Test("Every cut and every changed byte ends in a map or in an error that names the file, never in a crash")
  func survivesDamage() throws {
    let scratch = try TemporaryFolder()
    let whole = try scratch.read(try picture(scratch, depth: .gray16))
    var refused = 0
    for place in whole.indices {
      var changed = whole
      changed[place] ^= 0xFF
      for damaged in [Array(whole.prefix(place)), changed] {
        let path = try scratch.write(damaged, as: "damaged.png")
        do {
          let map = try SpectrogramImage.decodeGray16(path).map
          #expect(map.bands * map.frames == 480)
        } catch let error as MtagError {
          #expect(error.kind == .badData && error.message.contains(path))
          refused += 1
        }
      }
    }
    #expect(refused > whole.count)
  }

  @Test("A header that claims 2147483647 × 2147483647 pixels is refused before anything is allocated")
  func refusesHugeClaim() throws {
    let scratch = try TemporaryFolder()
    var bytes = try scratch.read(try picture(scratch, depth: .gray16))
    bytes.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
    let sum = crc(bytes[12..<29])
    bytes.replaceSubrange(29..<33, with: (0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * $0)) })
    expectRefusal(try scratch.write(bytes, as: "huge.png"), .badData, "cannot hold")
  }

  /// The checksum of PNG chunks (PNG specification, annex D).
  private func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
        value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
      }
    }
  }
}
