import Foundation
import MtagCore
import MtagData
import MtagModel
import MtagTestSupport
import MtagTraining
import Testing

@Suite struct TaggerTests {
  /// A trained model and the folder of its clips.
  private static func trained() throws -> (run: TinyRun, model: Model) {
    let run = try TinyRun { $0.epochs = 12 }
    return (run, try Model.load(try Trainer.train(run.job, observer: .silent).folder.best))
  }

  @Test("clips of any length are tagged: shorter than a chunk, exactly one, and many")
  func lengths() throws {
    let (run, model) = try Self.trained()
    let tagger = try Tagger(model: model, extractor: try ToneBands(), threads: 1)
    for seconds in [0.02, 0.2, 0.5, 5.0] {
      let path = try run.folder.write(TestSound.tone(hertz: 400, seconds: seconds, seed: 99), "new.wav")
      let result = try tagger.tag(path, timeline: true)
      #expect(abs(result.seconds - seconds) < 1e-6)
      #expect(Set(result.tags.map(\.label)) == ["p400", "p800", "p1600"])
      #expect(abs(result.tags.reduce(0) { $0 + $1.score } - 1) < 1e-5)
      #expect(result.tags.map(\.score) == result.tags.map(\.score).sorted(by: >))
      let timeline = try #require(result.timeline)
      // Chunks of 16 frames of 100 samples at 8 kHz last 0.2 s.
      #expect(timeline.count == max(1, Int((seconds / 0.2).rounded(.up))))
      #expect(timeline.first?.start == 0 && abs((timeline.last?.end ?? 0) - seconds) < 0.0126)
      if seconds >= 0.2 { #expect(result.tags[0].label == "p400") }
    }
  }

  @Test("only as many tags are named as asked for, and the score is the mean over the chunks")
  func top() throws {
    let (run, model) = try Self.trained()
    let tagger = try Tagger(model: model, extractor: try ToneBands(), threads: 1)
    let path = try run.folder.write(TestSound.tone(hertz: 800, seconds: 1), "new.wav")
    let result = try tagger.tag(path, top: 1, timeline: true)
    #expect(result.tags.count == 1 && result.timeline?.allSatisfy { $0.tags.count == 1 } == true)
    let all = try tagger.tag(path, timeline: true)
    let label = all.tags[0].label
    let chunks = try #require(all.timeline).map { section in
      section.tags.first { $0.label == label }?.score ?? 0
    }
    #expect(abs(chunks.reduce(0, +) / Float(chunks.count) - all.tags[0].score) < 1e-6)
  }

  @Test("a clip that cannot be read is an error that names it; the tagger goes on working")
  func unreadable() throws {
    let (run, model) = try Self.trained()
    let tagger = try Tagger(model: model, extractor: try ToneBands(), threads: 1)
    let missing = #expect(throws: MtagError.self) { try tagger.tag("/nowhere/a.wav") }
    #expect(missing?.kind == .inputMissing && missing?.message.contains("/nowhere/a.wav") == true)
    let path = try run.folder.write(TestSound.wav([1, 2, 3], rateHz: 8000), "tiny.wav")
    let short = #expect(throws: MtagError.self) { try tagger.tag(path) }
    #expect(short?.kind == .badData && short?.message.contains("tiny.wav") == true)
    #expect(throws: Never.self) { try tagger.tag(run.job.dataset.tracks[0].path) }
  }

  @Test("features of another front-end are refused with the field that differs")
  func otherFrontEnd() throws {
    let (_, model) = try Self.trained()
    let error = try #require(throws: MtagError.self) {
      try Tagger(model: model, extractor: try ToneBands(hopLength: 80), threads: 1)
    }
    #expect(error.kind == .badData && error.message.contains("hopLength"), "\(error.message)")
  }
}
