import Foundation
import MtagCore
import MtagFeatures
import MtagRender
import MtagTestSupport
import Testing

@Suite struct FigureLayoutTests {
  private static let sizes = ["300x200", "420x900", "1000x480", "3000x200", "300x3000", "6000x4000"]

  private func layout(_ sample: FigureSample, size: String, title: String = "a clip.wav") throws
    -> FigureLayout
  {
    try FigureLayout(
      sample.map, axes: sample.axes,
      options: FigureOptions(
        title: title, subtitle: "melspec · 128 mel bands, 22,050 Hz", size: FigureSize(size)),
      path: "x.png")
  }

  /// Where a label with this text stands: the share of the first panel's height above its lower edge.
  private func height(_ text: String, in layout: FigureLayout) throws -> Double {
    let label = try #require(layout.labels.first { $0.role == .bandTick && $0.text == text }, "no \(text)")
    let panel = try #require(layout.panels.first).box
    return (panel.bottom - label.box.y - label.box.height / 2) / panel.height
  }

  @Test(
    "No text overlaps another or leaves the picture, at any size, whatever the map",
    arguments: FigureSample.allCases)
  func nothingOverlaps(_ sample: FigureSample) throws {
    for size in Self.sizes {
      let layout = try layout(sample, size: size)
      for (index, label) in layout.labels.enumerated() {
        #expect(layout.picture.contains(label.box), "\(size): \(label.text) leaves the picture")
        for other in layout.labels[..<index] {
          #expect(!label.box.overlaps(other.box), "\(size): \(label.text) covers \(other.text)")
        }
        for panel in layout.panels {
          #expect(!label.box.overlaps(panel.box), "\(size): \(label.text) covers a panel")
        }
        for bar in layout.bars { #expect(!label.box.overlaps(bar), "\(size): \(label.text) covers the bar") }
      }
      let roles = layout.labels.map(\.role)
      for role in [PlacedLabel.Role.title, .bandCaption, .timeCaption, .bandTick, .timeTick] {
        #expect(roles.contains(role), "\(size): there is no \(role)")
      }
      #expect(layout.panels.count == (sample == .deltas ? 3 : sample.map.channels))
      if !layout.bars.isEmpty {
        #expect(roles.contains(.valueTick) && roles.contains(.valueCaption), "\(size)")
      }
      let area = layout.panels.reduce(0) { $0 + $1.box.width * $1.box.height }
      #expect(area > 0.15 * layout.picture.width * layout.picture.height, "\(size): most is not the picture")
    }
  }

  @Test("Frequencies stand at the rows that they lie in")
  func frequencies() throws {
    let mel = try layout(.mel, size: "1000x480")
    guard case .frequency(let centres) = FigureSample.mel.axes.bands else { return }
    for (text, hertz) in [("100", Float(100)), ("500", 500), ("1k", 1000), ("2k", 2000), ("5k", 5000)] {
      let band = try #require(centres.indices.min { abs(centres[$0] - hertz) < abs(centres[$1] - hertz) })
      #expect(abs(try height(text, in: mel) - (Double(band) + 0.5) / 128) < 0.8 / 128, "\(text)")
    }
    let linear = try layout(.linear, size: "1000x480")
    for (text, hertz) in [("0", 0.0), ("2k", 2000), ("10k", 10_000)] {
      #expect(
        abs(try height(text, in: linear) - (hertz / 11_025 * 1024 + 0.5) / 1025) < 0.5 / 1025, "\(text)")
    }
    let logarithmic = try layout(.logarithmic, size: "1000x480")
    for (text, hertz) in [("50", 50.0), ("1k", 1000), ("2k", 2000)] {
      #expect(
        abs(try height(text, in: logarithmic) - (24 * log2(hertz / 32.7) + 0.5) / 192) < 0.5 / 192, "\(text)")
    }
  }

  @Test("Notes, pitch classes and numbers stand at the middle of their rows; A4 is note 69")
  func notes() throws {
    let pitch = try layout(.pitch, size: "1000x1600")
    for (text, note) in [("C1", 24.0), ("C4", 60), ("C7", 96)] {
      #expect(abs(try height(text, in: pitch) - (note - 24 + 0.5) / 84) < 1e-6, "\(text)")
    }
    let melody = try layout(.melody, size: "1000x900")
    for (text, note) in [("A3", 57.0), ("C4", 60), ("A4", 69), ("G5", 79)] {
      #expect(abs(try height(text, in: melody) - (note - 57 + 0.5) / 24) < 1e-6, "\(text)")
    }
    let chroma = try layout(.chroma, size: "1000x480")
    for (index, text) in ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"].enumerated() {
      #expect(abs(try height(text, in: chroma) - (Double(index) + 0.5) / 12) < 1e-6, "\(text)")
    }
    #expect(abs(try height("4", in: layout(.cepstrum, size: "1000x480")) - 4.5 / 20) < 1e-6)
    for (index, text) in ["0–200", "200–400", "400–800", "800–1.6k", "1.6k–3.2k", "3.2k–6.4k", "6.4k–11k"]
      .enumerated()
    {
      #expect(
        abs(try height(text, in: layout(.contrast, size: "1000x480")) - (Double(index) + 0.5) / 7) < 1e-6)
    }
    // A row of its own is labelled with what it is.
    #expect(abs(try height("1.23k", in: layout(.oneBand, size: "1000x480")) - 0.5) < 1e-6)
  }

  @Test("Times are round and in the units that their length asks for")
  func times() throws {
    func texts(frames: Int, secondsPerFrame: Double, start: Double = 0) throws -> [String] {
      let map = FeatureMap(bands: 1, frames: frames, values: [Float](repeating: 0, count: frames))
      var axes = FigureSample.oneBand.axes
      axes.secondsPerFrame = secondsPerFrame
      axes.firstFrameSeconds = start + secondsPerFrame / 2
      let layout = try FigureLayout(map, axes: axes, options: FigureOptions(title: "x"), path: "x.png")
      return layout.labels.filter { $0.role == .timeTick }.map(\.text)
    }
    #expect(try texts(frames: 60, secondsPerFrame: 0.1) == ["0", "1", "2", "3", "4", "5", "6"])
    #expect(try texts(frames: 300, secondsPerFrame: 0.1) == ["0", "5", "10", "15", "20", "25", "30"])
    // A front end whose first frame begins a little later still says 0.
    #expect(try texts(frames: 300, secondsPerFrame: 0.1, start: 0.02).first == "0")
    let short = try texts(frames: 5, secondsPerFrame: 0.01)
    #expect(short.first == "0" && short.last == "0.050")
    #expect(
      try texts(frames: 180, secondsPerFrame: 1) == ["0:00", "0:30", "1:00", "1:30", "2:00", "2:30", "3:00"])
    // A frame is drawn around its middle, but nothing was before the clip.
    for frames in [1, 2, 5] {
      let marks = try texts(frames: frames, secondsPerFrame: 0.0232, start: -0.0116)
      #expect(marks.first == "0" && marks.allSatisfy { !$0.contains("\u{2212}") }, "\(marks)")
    }
    let long = try texts(frames: 100, secondsPerFrame: 90)
    #expect(long.prefix(5) == ["0:00", "0:15", "0:30", "0:45", "1:00"] && long.last == "2:30")
  }

  @Test("Any title is one line that fits")
  func titles() throws {
    let marks = "a" + String(repeating: "\u{0301}", count: 5000)
    let titles = [
      String(repeating: "very long ", count: 1000), String(repeating: "W", count: 10_000),
      "line\nbreak\r\n\ttab",
      "\u{0}\u{1B}[31mred\u{7}", "\u{202E}right to left", marks, "日本語 🎻 עברית العربية", "<b>&amp;</b>%s",
      "\u{FFFF}x",
    ]
    for size in ["300x200", "1000x480"] {
      for title in titles {
        let layout = try layout(.mel, size: size, title: title)
        let label = try #require(layout.labels.first { $0.role == .title })
        #expect(layout.picture.contains(label.box) && label.box.height < 60)
        #expect(
          label.text.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 0x202E && $0.value != 0xFFFF })
        #expect(label.text.unicodeScalars.count <= 400)
      }
    }
    // Nothing to say is no line, and no error.
    for title in ["", "\n", "\u{200B}"] {
      #expect(try !layout(.mel, size: "1000x480", title: title).labels.contains { $0.role == .title })
    }
  }

  @Test("A title is shortened only where it has no room, and no document shortens it on its own")
  func titlesInFull() throws {
    let title = "日本語 ) ( \\ 🎵"
    let label = try #require(layout(.mel, size: "1000x480", title: title).labels.first { $0.role == .title })
    #expect(!label.isShortened && label.text == title)
    let long = String(repeating: "very long ", count: 30)
    #expect(
      try layout(.mel, size: "300x200", title: long).labels.contains { $0.role == .title && $0.isShortened })
  }

  @Test("Groups of rows have panels, names, numbers and colours of their own")
  func groups() throws {
    let layout = try layout(.deltas, size: "1000x480")
    #expect(layout.panels.map(\.part) == [0, 1, 2] && layout.bars.count == 3)
    #expect(layout.labels.filter { $0.role == .channelName }.map(\.text) == ["MFCC", "ΔMFCC", "ΔΔMFCC"])
    for (panel, bar) in zip(layout.panels, layout.bars) {
      #expect(bar.y >= panel.box.y && bar.bottom <= panel.box.bottom)
      let inside = layout.labels.filter {
        let middle = $0.box.y + $0.box.height / 2
        return middle > panel.box.y - 1 && middle < panel.box.bottom + 1
      }
      // Each counts from 0, and slopes of a hundredth have numbers of hundredths.
      #expect(inside.contains { $0.role == .bandTick && $0.text == "0" })
      let values = inside.filter { $0.role == .valueTick }.map(\.text)
      #expect(panel.part == 0 ? values.contains("1") : values.contains("0.005"), "\(values)")
    }
  }

  @Test("A figure that has no room for its channels, and sizes that cannot be, are bad usage")
  func refuses() throws {
    let many = FeatureMap(bands: 1, frames: 1, channels: 900, values: [Float](repeating: 0, count: 900))
    #expect(throws: MtagError.self) {
      try FigureLayout(
        many, axes: FigureSample.oneCell.axes,
        options: FigureOptions(title: "", size: FigureSize("300x200")), path: "x.png")
    }
    for size in [
      "", "1000", "1000x", "x", "299x200", "300x199", "-5x800", "1e9x1", "99999x99999", "300x200x1",
    ] {
      let error = #expect(throws: MtagError.self, "\(size)") { try FigureSize(size) }
      #expect(error?.kind == .usage)
    }
  }
}
