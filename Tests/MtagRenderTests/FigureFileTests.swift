import Foundation
import MtagCore
import MtagFeatures
import MtagRender
import MtagTestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct FigureFileTests {
  private func write(
    _ sample: FigureSample, _ path: String, size: String = "600x300", title: String = "a clip.wav",
    metadata: [(key: String, value: String)] = [("feature_spec_sha256", "abc")]
  ) throws {
    try Figure.write(
      sample.map, axes: sample.axes, to: path,
      options: FigureOptions(title: title, subtitle: "melspec", size: FigureSize(size)), metadata: metadata)
  }

  @Test("A tone of 1 kHz shines at the mark of 1 kHz", arguments: ["700x400", "1000x900"])
  func tone(size: String) throws {
    let scratch = try TemporaryFolder()
    let extractor = try FeatureExtractors.make(FeaturePresets.melspec)
    let samples = (0..<44_100).map { Float(sin(2 * Double.pi * 1000 * Double($0) / 22_050)) / 2 }
    let map = try extractor.extract(samples)
    let options = FigureOptions(title: "tone", size: try FigureSize(size))
    try Figure.write(map, axes: extractor.axes, to: scratch.file("tone.png"), options: options)
    let layout = try FigureLayout(map, axes: extractor.axes, options: options, path: "")
    let mark = try #require(layout.labels.first { $0.role == .bandTick && $0.text == "1k" }).box
    let panel = try #require(layout.panels.first).box
    let pixels = try FigurePixels(path: scratch.file("tone.png"))
    let rows = Int(panel.y) + 1..<Int(panel.bottom) - 1
    let middle = Int(panel.x + panel.width / 2)
    let brightest = try #require(rows.map { pixels.brightness(middle, $0) }.max())
    let shining = rows.filter { pixels.brightness(middle, $0) == brightest }.map(Double.init)
    let place = shining.reduce(0, +) / Double(shining.count) + 0.5
    #expect(abs(place - (mark.y + mark.height / 2)) < panel.height / 128)
  }

  @Test("The one lag of a beat of 120 BPM shines at the mark of 120 BPM")
  func tempo() throws {
    let scratch = try TemporaryFolder()
    var values = [Float](repeating: 0, count: 384)
    // 120 BPM are 0.5 s: 21.5 frames; between lags 21 and 22.
    values[21] = 1
    values[22] = 1
    let map = FeatureMap(bands: 384, frames: 1, values: values)
    let options = FigureOptions(title: "", theme: .dark)
    try Figure.write(map, axes: FigureSample.tempo.axes, to: scratch.file("t.png"), options: options)
    let layout = try FigureLayout(map, axes: FigureSample.tempo.axes, options: options, path: "")
    let mark = try #require(layout.labels.first { $0.role == .bandTick && $0.text == "120" }).box
    let panel = try #require(layout.panels.first).box
    let pixels = try FigurePixels(path: scratch.file("t.png"))
    let rows = (Int(panel.y) + 1..<Int(panel.bottom) - 1).filter {
      pixels.brightness(Int(panel.x + 50), $0) > 600
    }
    let place = try #require(rows.first) + #require(rows.last) + 1
    #expect(abs(Double(place) / 2 - (mark.y + mark.height / 2)) < 2)
    // Faster is higher.
    #expect(try #require(layout.labels.first { $0.text == "240" }).box.y < mark.y)
  }

  @Test(
    "Cells larger than pixels are crisp; smaller ones are averaged as power, so that a thin line stays visible"
  )
  func cells() throws {
    let scratch = try TemporaryFolder()
    let axes = FigureSample.oneBand.axes
    var two = axes
    two.bands = .frequency(centresHz: [100, 200])
    let corner = FeatureMap(bands: 2, frames: 2, values: [-80, 0, 0, -80])
    let options = FigureOptions(title: "", size: try FigureSize("600x300"))
    try Figure.write(corner, axes: two, to: scratch.file("c.png"), options: options)
    let panel = try #require(FigureLayout(corner, axes: two, options: options, path: "").panels.first).box
    let pixels = try FigurePixels(path: scratch.file("c.png"))
    let colors = ColorMap.ember.colors
    for (x, y, color) in [
      (0.02, 0.02, 255), (0.48, 0.48, 255), (0.52, 0.48, 0), (0.98, 0.52, 255), (0.02, 0.98, 0),
    ] {
      let found = pixels[Int(panel.x + x * panel.width), Int(panel.y + y * panel.height)]
      #expect(found == colors[color], "\(x), \(y)")
    }
    // One hot band among 10,000.
    var values = [Float](repeating: -80, count: 10_000)
    values[5000] = 0
    let map = FeatureMap(bands: 10_000, frames: 1, values: values)
    let many = FigureSample.manyBands.axes
    try Figure.write(map, axes: many, to: scratch.file("m.png"), options: options)
    let tall = try #require(FigureLayout(map, axes: many, options: options, path: "").panels.first).box
    let line = try FigurePixels(path: scratch.file("m.png"))
    let column = Int(tall.x + 20)
    let brightest = (Int(tall.y) + 1..<Int(tall.bottom) - 1).map { line.brightness(column, $0) }.max() ?? 0
    // A pixel covers 10,000 / height bands: so many times less power.
    let level = -10 * log10(10_000 / tall.height)
    let expected = colors[Int(((80 + level) / 80 * 255).rounded())]
    #expect(abs(brightest - Int(expected.x) - Int(expected.y) - Int(expected.z)) <= 12)
  }

  @Test(
    "A PNG has the size that was asked for, times the scale, and carries its texts",
    arguments: [0.5, 1, 1.7, 2])
  func size(scale: Double) throws {
    let scratch = try TemporaryFolder()
    let sample = FigureSample.mel
    try Figure.write(
      sample.map, axes: sample.axes, to: scratch.file("a.PNG"),
      options: FigureOptions(title: "Füße 日本", size: FigureSize("640x320"), scale: scale),
      metadata: [("feature_spec_sha256", "abc")])
    let pixels = try FigurePixels(path: scratch.file("a.PNG"))
    #expect(pixels.width == Int(640 * scale) && pixels.height == Int(320 * scale))
    #expect(pixels.texts["Title"] == "Füße 日本" && pixels.texts["feature_spec_sha256"] == "abc")
    #expect(scratch.names == ["a.PNG"])
  }

  @Test(
    "An SVG is XML that says its title, axes and metadata",
    arguments: ["a & b <c>.wav", "日本\u{8}\n\u{1B}x\"'", "]]>"])
  func svg(title: String) throws {
    let scratch = try TemporaryFolder()
    for sample in [FigureSample.mel, .harmonics, .waveform, .tempo] {
      try write(sample, scratch.file("a.svg"), title: title, metadata: [("spec", "a=1\nb=<2>&\u{1}")])
      let words = XMLWords()
      let parser = XMLParser(data: Data(try scratch.read(scratch.file("a.svg"))))
      parser.delegate = words
      #expect(parser.parse(), "\(sample): \(String(describing: parser.parserError))")
      #expect(words.title.contains(title.prefix(2)) && !words.title.contains("\n"))
      #expect(
        words.text.contains("melspec") && words.text.contains("time in seconds")
          && words.text.contains("b=<2>&"))
      #expect(words.images == (sample == .waveform ? 0 : sample.map.channels + 1))
    }
  }

  @Test("A PDF begins and ends as one and names no date")
  func pdf() throws {
    let scratch = try TemporaryFolder()
    try write(.mel, scratch.file("a.pdf"), title: "日本 \u{0} )")
    let bytes = try scratch.read(scratch.file("a.pdf"))
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(bytes.starts(with: Data("%PDF-".utf8)) && text.hasSuffix("%%EOF\n"))
    #expect(!text.contains("Date"))
  }

  @Test("A PDF has a title in full if there is room, even if no font has its letters")
  func titleOfPDF() throws {
    let scratch = try TemporaryFolder()
    func size(_ title: String) throws -> Int {
      try write(.oneCell, scratch.file("t.pdf"), size: "1000x480", title: title)
      return try scratch.read(scratch.file("t.pdf")).count
    }
    // For private characters boxes are drawn. A sign for what was left out would be the only letter of the title's typeface, and
    // bring that into the file as a letter in the title itself does.
    for title in ["\u{EEEE}\u{E65E}\u{E672}", "\u{F0123}\u{F0124}\u{F0125}"] {
      #expect(try size(title) + 1000 < size(title + "…"))
    }
  }

  @Test("The same input gives the same bytes, in every format", arguments: FigureFormat.allCases)
  func sameBytes(_ format: FigureFormat) throws {
    let scratch = try TemporaryFolder()
    for sample in [FigureSample.mel, .harmonics, .waveform] {
      let paths = ["1", "2"].map { scratch.file("\($0).\(format.rawValue)") }
      for path in paths { try write(sample, path) }
      #expect(try scratch.read(paths[0]) == scratch.read(paths[1]), "\(sample)")
    }
  }

  @Test("Every kind of map is drawn, in both themes and all formats", arguments: FigureSample.allCases)
  func everyKind(_ sample: FigureSample) throws {
    let scratch = try TemporaryFolder()
    let (map, axes) = (sample.map, sample.axes)
    for theme in FigureOptions.Theme.allCases {
      for format in FigureFormat.allCases {
        let path = scratch.file("\(sample)-\(theme).\(format.rawValue)")
        try Figure.write(map, axes: axes, to: path, options: FigureOptions(title: "\(sample)", theme: theme))
        #expect(try scratch.read(path).count > 2000)
      }
      let pixels = try FigurePixels(path: scratch.file("\(sample)-\(theme).png"))
      #expect(pixels[0, 0] == (theme == .light ? SIMD3(255, 255, 255) : SIMD3(0x14, 0x16, 0x1C)))
    }
  }

  @Test("Figures drawn at once on several threads are like those drawn one after another")
  func threads() throws {
    let scratch = try TemporaryFolder()
    try write(.mel, scratch.file("alone.svg"))
    DispatchQueue.concurrentPerform(iterations: 8) { index in
      _ = try? write(.mel, scratch.file("\(index).svg"))
    }
    let alone = try scratch.read(scratch.file("alone.svg"))
    for index in 0..<8 { #expect(try scratch.read(scratch.file("\(index).svg")) == alone) }
  }

  @Test("A range far wider than the values shows them in the colour of its middle, whatever the unit")
  func wideRange() throws {
    let scratch = try TemporaryFolder()
    for range: (low: Float, high: Float) in [(-1e30, 1e30), (-3e38, 3e38), (-1e5, 1e5 - 80)] {
      let options = FigureOptions(title: "", range: range)
      let (map, axes) = (FigureSample.mel.map, FigureSample.mel.axes)
      try Figure.write(map, axes: axes, to: scratch.file("w.png"), options: options)
      let panel = try #require(FigureLayout(map, axes: axes, options: options, path: "").panels.first).box
      let pixels = try FigurePixels(path: scratch.file("w.png"))
      let middle = pixels[Int(panel.x + 100), Int(panel.y + 100)]
      #expect(ColorMap.ember.colors[126...129].contains(middle), "\(range): \(middle)")
    }
  }

  @Test(
    "A few large values without a unit do not take the colours of the others; the bar says that they are there"
  )
  func outliers() throws {
    let scratch = try TemporaryFolder()
    var axes = FigureSample.oneBand.axes
    axes.valueUnit = ""
    let options = FigureOptions(title: "")
    for largest: Float in [2, 100, 1e6] {
      var values = (0..<1000).map { Float($0) / 999 }
      values[0] = largest
      let map = FeatureMap(bands: 1, frames: 1000, values: values)
      let layout = try FigureLayout(map, axes: axes, options: options, path: "")
      let (panel, bar) = (try #require(layout.panels.first).box, try #require(layout.bars.first))
      #expect(bar.y > panel.y && bar.bottom == panel.bottom, "\(largest)")
      try Figure.write(map, axes: axes, to: scratch.file("o.png"), options: options)
      let pixels = try FigurePixels(path: scratch.file("o.png"))
      let half = pixels[Int(panel.x + panel.width / 2), Int(panel.y + 50)]
      #expect(ColorMap.ember.colors[115...135].contains(half), "\(largest): \(half)")
    }
    // Lag 0 is 1 in every frame and not on the axis of tempi.
    let lags = FeatureMap(bands: 384, frames: 1, values: (0..<384).map { $0 == 0 ? 1 : Float($0 % 7) / 20 })
    let tempi = try FigureLayout(lags, axes: FigureSample.tempo.axes, options: options, path: "")
    #expect(tempi.labels.filter { $0.role == .valueTick }.allSatisfy { (Double($0.text) ?? 9) <= 0.3 })
    #expect(tempi.bars.first?.y == tempi.panels.first?.box.y)
    // Where the largest are no outliers, nothing is cut.
    let even = FeatureMap(bands: 1, frames: 1000, values: (0..<1000).map { Float($0) })
    let layout = try FigureLayout(even, axes: axes, options: options, path: "")
    #expect(layout.bars.first?.y == layout.panels.first?.box.y)
  }

  @Test("What cannot be drawn is an error, and nothing is written")
  func refuses() throws {
    let scratch = try TemporaryFolder()
    let (map, axes) = (FigureSample.mel.map, FigureSample.mel.axes)
    var values = map.values
    values[301] = .infinity
    let damaged = FeatureMap(bands: 128, frames: 300, values: values)
    let empty = FeatureMap(bands: 128, frames: 0, values: [])
    let plain = FigureOptions(title: "x")
    let large = FigureOptions(title: "x", size: try FigureSize("16000x16000"))
    let cases: [(FeatureMap, String, FigureOptions, MtagError.Kind)] = [
      (damaged, "a.png", plain, .badData), (empty, "a.svg", plain, .badData), (map, "a.jpg", plain, .usage),
      (map, "png", plain, .usage), (map, "a.png", FigureOptions(title: "", scale: 0), .usage),
      (map, "a.png", FigureOptions(title: "", scale: .nan), .usage), (map, "a.png", large, .usage),
      (map, "a.png", FigureOptions(title: "", range: (0, -1)), .usage),
      (map, "a.pdf", FigureOptions(title: "", range: (-.infinity, 0)), .usage),
      (map, "absent/a.svg", plain, .cannotCreate), (map, "absent/a.png", plain, .cannotCreate),
      (FigureSample.linear.map, "a.png", plain, .internalFault),
    ]
    for (map, name, options, kind) in cases {
      let error = #expect(throws: MtagError.self, "\(name)") {
        try Figure.write(map, axes: axes, to: scratch.file(name), options: options)
      }
      #expect(error?.kind == kind, "\(name): \(error?.message ?? "")")
    }
    #expect(scratch.names.isEmpty)
  }
}

/// Collects the words of an SVG.
private final class XMLWords: NSObject, XMLParserDelegate {
  var title = ""
  var text = ""
  var images = 0
  private var element = ""

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    element = name
    if name == "image" { images += 1 }
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) { element = "" }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if element == "title" { title += string }
    text += string
  }
}
