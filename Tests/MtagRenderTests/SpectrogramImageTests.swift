import Foundation
import MtagCore
import MtagRender
import MtagTestSupport
import Testing

@Suite struct SpectrogramImageTests {
  /// A map whose levels run from -80 to 0 dB in no order.
  private func map(bands: Int, frames: Int) -> FeatureMap {
    let values = (0..<bands * frames).map { -80 + 80 * Float(($0 * 7919) % 1009) / 1008 }
    return FeatureMap(bands: bands, frames: frames, values: values)
  }

  private let gray = RenderOptions(depth: .gray16)

  @Test(
    "16-bit grey gives back every level within 1/65535 of the range",
    arguments: [(128, 431), (1, 1), (7, 1), (1, 9)])
  func roundTrip(bands: Int, frames: Int) throws {
    let scratch = try TemporaryFolder()
    let written = map(bands: bands, frames: frames)
    try SpectrogramImage.write(written, to: scratch.file("map.png"), options: gray, metadata: [])
    let (read, metadata) = try SpectrogramImage.decodeGray16(scratch.file("map.png"))
    #expect(read.bands == bands && read.frames == frames)
    let low = try #require(written.values.min()), high = try #require(written.values.max())
    let largest = zip(read.values, written.values).map { abs($0 - $1) }.max()
    #expect(try #require(largest) <= (high - low) / 65535)
    #expect(metadata["mtag.low"].flatMap(Float.init) == low)
    #expect(metadata["mtag.high"].flatMap(Float.init) == high)
    #expect(scratch.names == ["map.png"])
  }

  @Test("Band 0 is the bottom row and frame 0 the left column, one pixel each, in grey and in colour")
  func orientation() throws {
    let scratch = try TemporaryFolder()
    let corner = FeatureMap(bands: 3, frames: 2, values: [1, 0, 0, 0, 0, 0.5])
    try SpectrogramImage.write(corner, to: scratch.file("gray.png"), options: gray, metadata: [])
    let grays = try rows(scratch.file("gray.png"), isColor: false)
    #expect(grays == [[0, 0, 128, 0], [0, 0, 0, 0], [255, 255, 0, 0]])

    try SpectrogramImage.write(corner, to: scratch.file("color.png"), options: RenderOptions(), metadata: [])
    let colors = ColorMap.ember.colors
    let bytes = [0, 128, 255].map { [colors[$0].x, colors[$0].y, colors[$0].z] }
    let expected = [bytes[0] + bytes[1], bytes[0] + bytes[0], bytes[2] + bytes[0]]
    #expect(try rows(scratch.file("color.png"), isColor: true) == expected)
  }

  @Test("Channels stand above each other, the first lowest, and come back")
  func channels() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.file("map.png")
    let values = (0..<2 * 3 * 4).map { Float($0) }
    let stack = FeatureMap(bands: 2, frames: 3, channels: 4, values: values)
    try SpectrogramImage.write(stack, to: path, options: gray, metadata: [])
    let rows = try rows(path, isColor: false)
    #expect(rows.count == 8 && rows[7].prefix(2) == [0, 0] && rows[0].suffix(2) == [255, 255])
    let (read, texts) = try SpectrogramImage.decodeGray16(path)
    #expect(texts["mtag.channels"] == "4" && read.bands == 2 && read.channels == 4)
    #expect(zip(read.values, values).allSatisfy { abs($0 - $1) < 0.001 })
  }

  @Test("Silence, a map of one level, is one dark colour and decodes to that level")
  func silence() throws {
    let scratch = try TemporaryFolder()
    let silent = FeatureMap(bands: 4, frames: 5, values: [Float](repeating: -80, count: 20))
    try SpectrogramImage.write(silent, to: scratch.file("gray.png"), options: gray, metadata: [])
    #expect(try SpectrogramImage.decodeGray16(scratch.file("gray.png")).map == silent)
    try SpectrogramImage.write(silent, to: scratch.file("color.png"), options: RenderOptions(), metadata: [])
    let dark = ColorMap.ember.colors[0]
    let pixels = try rows(scratch.file("color.png"), isColor: true)
    #expect(
      pixels
        == Array(repeating: Array(repeating: [dark.x, dark.y, dark.z], count: 5).flatMap { $0 }, count: 4))
  }

  @Test("A wanted range fixes the scale and clips what is beyond it")
  func range() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.file("map.png")
    let levels = FeatureMap(bands: 1, frames: 4, values: [-100, -60, -20, 5])
    let options = RenderOptions(depth: .gray16, range: (lowDB: -60, highDB: 0))
    try SpectrogramImage.write(levels, to: path, options: options, metadata: [])
    let read = try SpectrogramImage.decodeGray16(path).map.values
    #expect(read[0] == -60 && read[1] == -60 && abs(read[2] + 20) < 0.001 && read[3] == 0)
    for range in [(lowDB: Float(0), highDB: Float(-1)), (.nan, 0), (0, .infinity)] {
      let error = #expect(throws: MtagError.self) {
        try SpectrogramImage.write(levels, to: path, options: RenderOptions(range: range), metadata: [])
      }
      #expect(error?.kind == .usage)
    }
  }

  @Test("A map of more than a million frames, half a day of sound, is written and read")
  func manyFrames() throws {
    let scratch = try TemporaryFolder()
    let path = scratch.file("long.png")
    let frames = 1_000_100
    let long = FeatureMap(bands: 1, frames: frames, values: (0..<frames).map { Float($0 % 3) })
    try SpectrogramImage.write(long, to: path, options: gray, metadata: [])
    let read = try SpectrogramImage.decodeGray16(path).map
    #expect(read.frames == frames)
    #expect(zip(read.values, long.values).allSatisfy { abs($0 - $1) <= 2.0 / 65535 })
  }

  @Test("The same map and metadata give the same bytes")
  func isDeterministic() throws {
    let scratch = try TemporaryFolder()
    for name in ["a.png", "b.png"] {
      try SpectrogramImage.write(
        map(bands: 16, frames: 40), to: scratch.file(name), options: RenderOptions(), metadata: [("k", "v")])
    }
    #expect(try scratch.read(scratch.file("a.png")) == scratch.read(scratch.file("b.png")))
  }

  @Test("An empty map and values that are not finite are refused with their place, and nothing is written")
  func refusesMaps() throws {
    let scratch = try TemporaryFolder()
    var values = map(bands: 2, frames: 3).values
    values[4] = .nan
    let damaged = FeatureMap(bands: 2, frames: 3, values: values)
    for (bad, reason) in [
      (damaged, "band 1, frame 1"), (FeatureMap(bands: 4, frames: 0, values: []), "0 frames"),
    ] {
      let error = #expect(throws: MtagError.self) {
        try SpectrogramImage.write(bad, to: scratch.file("x.png"), options: RenderOptions(), metadata: [])
      }
      #expect(error?.kind == .badData)
      #expect(error?.message.contains(reason) == true)
    }
    #expect(scratch.names.isEmpty)
  }

  @Test("A folder that is not there is an error that names the picture")
  func refusesFolder() throws {
    let scratch = try TemporaryFolder()
    _ = try scratch.write([1], as: "file")
    for path in [scratch.file("absent/x.png"), scratch.file("file/x.png")] {
      let error = #expect(throws: MtagError.self) {
        try SpectrogramImage.write(map(bands: 2, frames: 2), to: path, options: RenderOptions(), metadata: [])
      }
      #expect(error?.kind == .cannotCreate)
      #expect(error?.message.contains(path) == true)
    }
  }

  @Test(
    "A folder that must not be written to is an error",
    .enabled(if: geteuid() != 0, "root may write anywhere"))
  func refusesReadOnlyFolder() throws {
    let scratch = try TemporaryFolder()
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: scratch.path)
    let error = #expect(throws: MtagError.self) {
      try SpectrogramImage.write(
        map(bands: 2, frames: 2), to: scratch.file("x.png"), options: RenderOptions(), metadata: [])
    }
    #expect(error?.kind == .cannotCreate)
  }

  private func rows(_ path: String, isColor: Bool) throws -> [[UInt8]] {
    var decoder = try PNGDecoder(path: path, isColor: isColor)
    var rows: [[UInt8]] = []
    for _ in 0..<decoder.height {
      var row = [UInt8](repeating: 0, count: decoder.rowBytes)
      try decoder.readRow(into: &row)
      rows.append(row)
    }
    return rows
  }
}
