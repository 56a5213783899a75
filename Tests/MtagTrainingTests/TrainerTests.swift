import Foundation
import MtagCore
import MtagData
import MtagModel
import MtagTestSupport
import MtagTraining
import Testing

@Suite struct TrainerTests {
  @Test("a run learns three pitches and leaves everything that is promised in its folder")
  func learns() throws {
    let run = try TinyRun { $0.epochs = 12 }
    let report = try Trainer.train(run.job, observer: .silent)
    #expect(report.records.count == 12)
    #expect((report.validation?.accuracy ?? 0) >= 0.8)
    #expect(report.records.last?.loss ?? 9 < report.records[0].loss)
    let model = try Model.load(report.folder.best)
    #expect(model.labels == ["p400", "p800", "p1600"])
    #expect(model.chunkFrames == 16 && !model.isMultiLabel)
    #expect(model.standardization.deviation > 0 && model.standardization != Standardization())
    #expect(model.card.splitHash == run.job.split.sha256)
    #expect(model.card.metrics["valid_accuracy"] == report.records[report.bestEpoch - 1].validAccuracy)
    #expect(try TrainingConfiguration.load(report.folder.configuration) == run.job.configuration)
    #expect(try report.folder.records() == report.records)
    #expect(try #require(run.bytes("run/split.json")).count > 100)
    let page = String(decoding: try #require(run.bytes("run/report.html")), as: UTF8.self)
    #expect(page.contains("p1600") && page.contains("<svg") && !page.contains("http"))
  }

  @Test("several labels a clip are trained with ROC-AUC as the metric")
  func severalLabels() throws {
    let run = try TinyRun(isMultiLabel: true) { $0.epochs = 10 }
    let report = try Trainer.train(run.job, observer: .silent)
    let low = try #require(report.validation?.labels.firstIndex(of: "low"))
    #expect((report.validation?.perLabel[low].rocAUC ?? 0) > 0.8)
    #expect(report.records.last?.validROCAUC != nil && report.records.last?.validAccuracy == nil)
  }

  @Test("threads change no byte of the weights")
  func threads() throws {
    let run = try TinyRun()
    _ = try Trainer.train(run.job, observer: .silent)
    _ = try Trainer.train(run.job(into: "two", threads: 2), observer: .silent)
    #expect(run.bytes("run/last.safetensors") == run.bytes("two/last.safetensors"))
  }

  @Test("another seed gives other weights")
  func seeds() throws {
    let run = try TinyRun()
    _ = try Trainer.train(run.job, observer: .silent)
    var other = run.job(into: "other")
    other.configuration.seed = 1
    _ = try Trainer.train(other, observer: .silent)
    #expect(run.bytes("run/last.safetensors") != run.bytes("other/last.safetensors"))
  }

  @Test("training stops early when the metric does not get better for so long")
  func patience() throws {
    let run = try TinyRun {
      $0.epochs = 30
      $0.patience = 2
      $0.schedule = .constant
      $0.learningRate = 1e-12
    }
    let report = try Trainer.train(run.job, observer: .silent)
    #expect(report.isStoppedEarly && report.records.count == report.bestEpoch + 2)
  }

  @Test("a loss that is no number stops with the learning rate named, and keeps what was good")
  func divergence() throws {
    let run = try TinyRun {
      $0.optimizer = .sgd
      $0.schedule = .constant
      $0.learningRate = 1e30
      $0.weightDecay = 0
    }
    let error = try #require(throws: MtagError.self) { try Trainer.train(run.job, observer: .silent) }
    #expect(error.kind == .badData && error.message.contains("--lr"), "\(error.message)")
    #expect(run.bytes("run/config.yaml") != nil)
  }

  @Test("unreadable clips are set aside with their reason, and training goes on")
  func unreadable() throws {
    let run = try TinyRun()
    let victim = run.job.dataset.tracks[run.job.split.valid[0]].path
    try Data("no sound".utf8).write(to: URL(fileURLWithPath: victim))
    let report = try Trainer.train(run.job, observer: .silent)
    #expect(report.validation?.skipped.map(\.path) == [victim])
    #expect(report.validation?.clips == run.job.split.valid.count - 1)
  }

  @Test("a folder that holds a run is not overwritten")
  func occupied() throws {
    let run = try TinyRun { $0.epochs = 1 }
    _ = try Trainer.train(run.job, observer: .silent)
    let before = run.bytes("run/last.safetensors")
    let error = try #require(throws: MtagError.self) { try Trainer.train(run.job, observer: .silent) }
    #expect(error.kind == .cannotCreate && error.message.contains("--resume"))
    #expect(run.bytes("run/last.safetensors") == before)
  }

  @Test("a crop that is too short for the network is refused with the shortest that works")
  func shortCrop() throws {
    let run = try TinyRun { $0.cropFrames = 3 }
    let error = try #require(throws: MtagError.self) { try Trainer.train(run.job, observer: .silent) }
    #expect(error.kind == .usage && error.message.contains("--crop 4"), "\(error.message)")
  }

  @Test("a time budget decides the number of epochs, at least one, and config.yaml says how many")
  func timeBudget() throws {
    let run = try TinyRun { $0.timeBudgetSeconds = 0.001 }
    let report = try Trainer.train(run.job, observer: .silent)
    #expect(report.records.count == 1)
    #expect(try TrainingConfiguration.load(report.folder.configuration).epochs == 1)
  }

  @Test("each epoch says how long the engine waited for batches, in metrics.jsonl too", arguments: [1, 2])
  func waitedShare(threads: Int) throws {
    let run = try TinyRun()
    let stopper = Stopper()
    let report = try Trainer.train(run.job(into: "run", threads: threads), observer: stopper.observer)
    #expect(report.records.allSatisfy { ($0.waitedShare ?? -1) >= 0 && ($0.waitedShare ?? 2) <= 1 })
    let metrics = String(decoding: try #require(run.bytes("run/metrics.jsonl")), as: UTF8.self)
    #expect(metrics.split(separator: "\n").allSatisfy { $0.contains("\"waited_share\":") })
    #expect((0...1).contains(try #require(report.waitedShare)))
    #expect(stopper.notes.contains { $0.hasPrefix("waited ") && $0.hasSuffix(" % for batches") })
    #expect(stopper.details.filter { $0.contains("steps") && $0.contains("validation") }.count == 4)
  }

  @Test("records of versions that did not measure the waiting can be read")
  func olderRecords() throws {
    let run = try TinyRun()
    try run.folder.write(
      #"{"epoch":1,"gradient_norm":1,"learning_rate":0.001,"loss":2.5,"seconds":3}"# + "\n",
      "old/metrics.jsonl")
    let records = try RunFolder(run.folder.file("old")).records()
    #expect(records.map(\.loss) == [2.5] && records[0].waitedShare == nil)
  }

  @Test(
    "a checkpoint that cannot be written stops the run with the reason, though it is written beside the training"
  )
  func unwritable() throws {
    let run = try TinyRun { $0.epochs = 40 }
    let folder = run.folder.file("run")
    let observer = Observer(progress: { update in
      // As if the disk had gone: the folder's name now belongs to a file.
      guard update.unit == "step", update.done == 12 else { return }
      try? FileManager.default.moveItem(atPath: folder, toPath: folder + ".gone")
      try? Data().write(to: URL(fileURLWithPath: folder))
    })
    let error = try #require(throws: MtagError.self) { try Trainer.train(run.job, observer: observer) }
    #expect([.cannotCreate, .inputOutput].contains(error.kind), "\(error.message)")
  }
}
