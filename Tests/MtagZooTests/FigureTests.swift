import Foundation
import MtagCore
import MtagFeatures
import MtagRender
import MtagTestSupport
import MtagZoo
import Testing

@Suite struct FigureTests {
  @Test("Every feature of the zoo is drawn: pixels, figure and documents; no text of it overlaps another")
  func everyFeature() throws {
    let folder = try TemporaryFolder()
    let clip = try folder.write(TestSound.tone(hertz: 700, seconds: 1.5, rateHz: 22_050), "tone.wav")
    let zoo = try Zoo(cacheFolder: folder.file("cache"), runsFolder: folder.file("runs"))
    for name in zoo.features.names {
      let extractor = try zoo.extractor(named: name)
      let pixels = folder.file("\(name).png")
      if extractor.axes.bands == .amplitude {
        let error = #expect(throws: MtagError.self) {
          try zoo.render(clip, to: pixels, features: name, isGray16: true, threads: 1)
        }
        #expect(error?.kind == .usage && error?.message.contains("--figure") == true)
        #expect(!FileManager.default.fileExists(atPath: pixels))
      } else {
        try zoo.render(clip, to: pixels, features: name, isGray16: true, threads: 1)
      }
      for format in FigureFormat.allCases {
        let path = folder.file("\(name)-figure.\(format.rawValue)")
        try zoo.render(clip, to: path, features: name, isGray16: false, figure: FigureRequest(), threads: 1)
        #expect(FileManager.default.fileExists(atPath: path))
      }
      let samples = (0..<33_075).map { Float(sin(2 * Double.pi * 700 * Double($0) / 22_050)) / 2 }
      let map = try extractor.extract(samples)
      for size in ["300x200", "1000x480", "2000x2000"] {
        let layout = try FigureLayout(
          map, axes: extractor.axes, options: FigureOptions(title: name, size: FigureSize(size)), path: name)
        for (index, label) in layout.labels.enumerated() {
          #expect(
            !layout.labels[..<index].contains { $0.box.overlaps(label.box) }, "\(name) \(size): \(label.text)"
          )
        }
        #expect(
          layout.labels.contains { $0.role == .bandTick }, "\(name) \(size): nothing at the bands' axis")
      }
    }
  }

  @Test("The line below the title counts what the rows are, in English")
  func words() throws {
    let folder = try TemporaryFolder()
    let clip = try folder.write(TestSound.tone(hertz: 700, seconds: 0.5, rateHz: 22_050), "tone.wav")
    let zoo = try Zoo(cacheFolder: folder.file("cache"), runsFolder: folder.file("runs"))
    for (name, words) in [
      ("mfcc", "mfcc · 20 coefficients, 22,050 Hz"), ("contrast", "contrast · 7 octave bands, 22,050 Hz"),
      ("mfcc-deltas", "mfcc-deltas · 20 MFCC, 20 ΔMFCC, 20 ΔΔMFCC, 22,050 Hz"),
    ] {
      let path = folder.file("\(name).svg")
      try zoo.render(clip, to: path, features: name, isGray16: false, figure: FigureRequest(), threads: 1)
      #expect(try String(contentsOfFile: path, encoding: .utf8).contains(words), "\(name)")
    }
  }
}
