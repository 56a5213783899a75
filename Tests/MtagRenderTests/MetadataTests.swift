import MtagCore
import MtagRender
import MtagTestSupport
import Testing

@Suite struct MetadataTests {
  private let small = FeatureMap(bands: 2, frames: 2, values: [0, 1, 2, 3])

  @Test("Text comes back as it was written: Latin-1, other scripts, lines, JSON, empty, long")
  func roundTrip() throws {
    let scratch = try TemporaryFolder()
    let texts = [
      "mtag.spec": #"{"name":"melspec","hopLength":512}"#, "Title": "Grün ist die Heide",
      "Artist": "Дмитрий 🎻",
      "Comment": "two\nlines", "Tab": "a\tb", "Empty": "", "Schlüssel": "é",
      "Long": String(repeating: "x", count: 100_000),
    ]
    for depth in RenderOptions.Depth.allCases {
      let path = scratch.file("\(depth).png")
      try SpectrogramImage.write(
        small, to: path, options: RenderOptions(depth: depth), metadata: texts.map { (key: $0, value: $1) })
      var decoder = try PNGDecoder(path: path, isColor: depth == .color8)
      for _ in 0..<decoder.height {
        var row = [UInt8](repeating: 0, count: decoder.rowBytes)
        try decoder.readRow(into: &row)
      }
      var read = try decoder.finish()
      #expect(read.removeValue(forKey: "mtag.low") == "0.0")
      #expect(read.removeValue(forKey: "mtag.high") == "3.0")
      #expect(read == texts)
    }
  }

  @Test("Plain text stands in tEXt and other scripts in iTXt, where other programs look for them")
  func usesRightChunk() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.file("x.png")
    try SpectrogramImage.write(
      small, to: path, options: RenderOptions(), metadata: [("mtag.spec", "{}"), ("Artist", "Дмитрий")])
    let bytes = try scratch.read(path)
    #expect(contains(bytes, "tEXtmtag.spec\0{}"))
    #expect(contains(bytes, "iTXtArtist\0\0\0\0\0Дмитрий"))
  }

  @Test(
    "Keys that a PNG cannot hold, the picture's own keys and zero characters are usage errors that name the key",
    arguments: [
      ("", "v"), (String(repeating: "k", count: 80), "v"), ("schön 🎻", "v"), (" k", "v"), ("k ", "v"),
      ("a  b", "v"),
      ("line\n", "v"), ("k", "a\0b"), ("mtag.low", "1"), ("mtag.high", "1"),
    ])
  func refusesKeys(key: String, value: String) throws {
    let scratch = try TemporaryFolder()
    let error = #expect(throws: MtagError.self) {
      try SpectrogramImage.write(
        small, to: scratch.file("x.png"), options: RenderOptions(), metadata: [(key: key, value: value)])
    }
    #expect(error?.kind == .usage)
    #expect(error?.message.contains("'\(key)'") == true)
    #expect(scratch.names.isEmpty)
  }

  private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
    let wanted = Array(text.utf8)
    return bytes.indices.dropLast(wanted.count - 1).contains { bytes[$0...].starts(with: wanted) }
  }
}
