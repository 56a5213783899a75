import Foundation
import MtagCore
import MtagData
import MtagFeatures
import MtagGraph
import MtagModels
import MtagTestSupport
import MtagTraining
import Synchronization

/// A data set of 24 short tones and a network of two small blocks: a whole run takes well under a second.
struct TinyRun {
  let folder: TemporaryFolder
  var job: TrainingJob

  /// - Parameter isMultiLabel: labels clips with `low` and `odd` instead of one of three pitches.
  init(
    isMultiLabel: Bool = false, run: String = "run",
    _ change: (inout TrainingConfiguration) -> Void = { _ in }
  ) throws {
    folder = try TemporaryFolder()
    var rows = ["path,pitch,qualities"]
    for index in 0..<24 {
      let hertz = [400.0, 800, 1600][index % 3]
      let sound = TestSound.tone(hertz: hertz, seconds: 0.3 + 0.01 * Double(index), seed: UInt64(index))
      try folder.write(sound, "clips/\(index).wav")
      let qualities = [index % 3 == 0 ? "low" : "", index / 3 % 2 == 1 ? "odd" : ""].filter { !$0.isEmpty }
      rows.append("clips/\(index).wav,p\(Int(hertz)),\(qualities.joined(separator: "|"))")
    }
    let manifest = try folder.write(rows.joined(separator: "\n") + "\n", "manifest.csv")
    var configuration = TrainingConfiguration(threads: 1)
    configuration.dataset = manifest
    configuration.label = isMultiLabel ? "qualities" : "pitch"
    configuration.split = "random:0.75"
    configuration.epochs = 4
    configuration.batchSize = 4
    configuration.cropFrames = 16
    configuration.validationChunks = 2
    configuration.learningRate = 1e-2
    change(&configuration)
    let dataset = try Dataset.open(manifest, label: configuration.label)
    job = try Self.job(configuration, dataset: dataset, runFolder: folder.file(run))
  }

  static func job(_ configuration: TrainingConfiguration, dataset: Dataset, runFolder: String) throws
    -> TrainingJob
  {
    let extractor = try ToneBands()
    var network = CNN4()
    network.widths = [4, 8]
    network.hidden = 8
    let graph = try network.graph(bands: extractor.bands, labels: dataset.labels.count)
    return TrainingJob(
      configuration: configuration, dataset: dataset,
      split: try Split.make(configuration.split ?? "random:0.75", dataset: dataset, seed: configuration.seed),
      graph: graph, extractor: extractor,
      initialWeights: Weights(initializing: try graph.parameters(), seed: configuration.seed),
      cacheFolder: nil,
      runFolder: runFolder)
  }

  /// The same job into another folder.
  func job(into run: String, threads: Int = 1) -> TrainingJob {
    var copy = job
    copy.runFolder = folder.file(run)
    copy.configuration.threads = threads
    return copy
  }

  func bytes(_ name: String) -> Data? { FileManager.default.contents(atPath: folder.file(name)) }
}

/// An observer that asks to stop after so many steps, and keeps the notes.
final class Stopper: Sendable {
  private let stepsLeft: Mutex<Int>
  private let lines = Mutex<[String]>([])
  private let detailLines = Mutex<[String]>([])

  init(afterSteps steps: Int = .max) { stepsLeft = Mutex(steps) }

  var notes: [String] { lines.withLock { $0 } }
  var details: [String] { detailLines.withLock { $0 } }

  var observer: Observer {
    Observer(
      progress: { update in
        if update.unit == "step" { self.stepsLeft.withLock { $0 -= 1 } }
      },
      note: { line in self.lines.withLock { $0.append(line) } },
      detail: { line in self.detailLines.withLock { $0.append(line) } },
      isCancelled: { self.stepsLeft.withLock { $0 <= 0 } })
  }
}
