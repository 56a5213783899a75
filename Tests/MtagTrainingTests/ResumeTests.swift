import Foundation
import MtagCore
import MtagData
import MtagTestSupport
import MtagTraining
import Testing

/// Five steps an epoch (18 clips in batches of 4), four epochs.
@Suite struct ResumeTests {
  @Test(
    "a run stopped anywhere goes on to the same bytes as one that never stopped",
    arguments: [1, 4, 5, 6, 12, 19])
  func sameBytes(_ steps: Int) throws {
    let run = try TinyRun()
    _ = try Trainer.train(run.job(into: "whole"), observer: .silent)
    let stopped = run.job(into: "stopped")
    let error = try #require(throws: MtagError.self) {
      try Trainer.train(stopped, observer: Stopper(afterSteps: steps).observer)
    }
    #expect(error.kind == .interrupted && error.message.contains("--resume"), "\(error.message)")
    #expect(run.bytes("stopped/last.safetensors") != run.bytes("whole/last.safetensors"))
    let report = try Trainer.resume(run.job(into: "stopped", threads: 2), observer: .silent)
    #expect(report.records.map(\.epoch) == [1, 2, 3, 4])
    #expect(run.bytes("stopped/last.safetensors") == run.bytes("whole/last.safetensors"))
    #expect(run.bytes("stopped/best.safetensors") == run.bytes("whole/best.safetensors"))
    #expect(try losses(stopped.runFolder) == losses(run.folder.file("whole")))
  }

  @Test("a run stopped again and again still ends at the same bytes")
  func manyStops() throws {
    let run = try TinyRun()
    _ = try Trainer.train(run.job(into: "whole"), observer: .silent)
    let job = run.job(into: "stopped")
    _ = try? Trainer.train(job, observer: Stopper(afterSteps: 3).observer)
    for _ in 0..<8 { _ = try? Trainer.resume(job, observer: Stopper(afterSteps: 3).observer) }
    #expect(run.bytes("stopped/last.safetensors") == run.bytes("whole/last.safetensors"))
  }

  @Test("a kill between the files of an epoch does no harm: what is newer than the checkpoint is done again")
  func killedBetweenFiles() throws {
    let run = try TinyRun()
    _ = try Trainer.train(run.job(into: "whole"), observer: .silent)
    _ = try? Trainer.train(run.job(into: "killed"), observer: Stopper(afterSteps: 10).observer)
    // As if the kill had come after metrics.jsonl and best.safetensors of the next epochs were written.
    for file in ["metrics.jsonl", "best.safetensors"] {
      try run.folder.write(try #require(run.bytes("whole/\(file)")), "killed/\(file)")
    }
    _ = try Trainer.resume(run.job(into: "killed"), observer: .silent)
    #expect(run.bytes("killed/last.safetensors") == run.bytes("whole/last.safetensors"))
    #expect(run.bytes("killed/best.safetensors") == run.bytes("whole/best.safetensors"))
    #expect(try losses(run.folder.file("killed")) == losses(run.folder.file("whole")))
  }

  @Test("a run killed before its first checkpoint starts over")
  func noCheckpoint() throws {
    let run = try TinyRun()
    _ = try Trainer.train(run.job(into: "whole"), observer: .silent)
    try run.folder.write(try run.job.configuration.yaml(), "young/config.yaml")
    _ = try Trainer.resume(run.job(into: "young"), observer: .silent)
    #expect(run.bytes("young/last.safetensors") == run.bytes("whole/last.safetensors"))
  }

  @Test("resuming a finished run changes nothing")
  func finished() throws {
    let run = try TinyRun()
    _ = try Trainer.train(run.job, observer: .silent)
    let before = run.bytes("run/last.safetensors")
    let report = try Trainer.resume(run.job, observer: .silent)
    #expect(report.records.count == 4 && run.bytes("run/last.safetensors") == before)
  }

  @Test("a changed configuration, data set or checkpoint is refused, not silently mixed")
  func changed() throws {
    let run = try TinyRun()
    _ = try? Trainer.train(run.job, observer: Stopper(afterSteps: 7).observer)
    var job = run.job
    job.configuration.learningRate *= 2
    try expectRefusal(job, "config.yaml")
    job = run.job
    job.split = try Split.make("random:0.5", dataset: job.dataset, seed: 3)
    try expectRefusal(job, "split")
    job = run.job
    job.extractor = try ToneBands(hopLength: 80)
    try expectRefusal(job, "hopLength")
    let bytes = try #require(run.bytes("run/last.safetensors"))
    try run.folder.write(bytes.prefix(bytes.count / 2), "run/last.safetensors")
    try expectRefusal(run.job, "last.safetensors")
  }

  private func expectRefusal(_ job: TrainingJob, _ expected: String) throws {
    let error = try #require(throws: MtagError.self) { try Trainer.resume(job, observer: .silent) }
    #expect(error.kind == .badData && error.message.contains(expected), "\(error.message)")
  }

  private func losses(_ folder: String) throws -> [[Double?]] {
    try RunFolder(folder).records().map { [$0.loss, $0.gradientNorm, $0.learningRate, $0.validAccuracy] }
  }
}
