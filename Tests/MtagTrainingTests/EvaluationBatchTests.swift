import MtagCore
import MtagData
import MtagModel
import MtagTraining
import Synchronization
import Testing

@Suite struct EvaluationBatchTests {
  @Test("clips that go through the network together get what each gets alone", arguments: [1, 3, 7, 40])
  func together(chunks: Int) throws {
    let run = try TinyRun { $0.epochs = 2 }
    let model = try Model.load(try Trainer.train(run.job, observer: .silent).folder.best)
    let indices = Array(run.job.dataset.tracks.indices)
    let features = try FeatureSet.compute(
      run.job.dataset, indices: indices, extractor: run.job.extractor, cacheFolder: nil, threads: 1,
      observer: .silent)
    func confusion(_ indices: [Int], threads: Int) throws -> [[Int]] {
      let split = EvaluationReport.SplitName(name: "some", sha256: "", part: "all")
      return try Evaluation.evaluate(
        model, dataset: run.job.dataset, indices: indices, features: features, split: split, chunks: chunks,
        threads: threads, observer: .silent
      ).confusion
    }
    let together = try confusion(indices, threads: 2)
    #expect(together.joined().reduce(0, +) == 24)
    var summed = together.map { $0.map { _ in 0 } }
    for index in indices {
      for (row, counts) in try confusion([index], threads: 1).enumerated() {
        for (column, count) in counts.enumerated() { summed[row][column] += count }
      }
    }
    #expect(together == summed)
  }

  @Test("progress of an evaluation rises to all clips, and the user can stop it")
  func progress() throws {
    let run = try TinyRun { $0.epochs = 1 }
    let model = try Model.load(try Trainer.train(run.job, observer: .silent).folder.best)
    let indices = Array(run.job.dataset.tracks.indices)
    let features = try FeatureSet.compute(
      run.job.dataset, indices: indices, extractor: run.job.extractor, cacheFolder: nil, threads: 1,
      observer: .silent)
    func evaluate(_ observer: Observer) throws {
      _ = try Evaluation.evaluate(
        model, dataset: run.job.dataset, indices: indices, features: features,
        split: .init(name: "", sha256: "", part: "all"), chunks: 2, threads: 1, observer: observer)
    }
    let seen = Mutex<[Int]>([])
    try evaluate(Observer(progress: { update in seen.withLock { $0.append(update.done) } }))
    let counts = seen.withLock { $0 }
    #expect(counts == counts.sorted() && counts.count > 1 && counts.last == 24)
    let error = try #require(throws: MtagError.self) { try evaluate(Observer(isCancelled: { true })) }
    #expect(error.kind == .interrupted)
  }
}
