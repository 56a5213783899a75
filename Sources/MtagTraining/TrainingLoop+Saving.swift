import MtagCore
import MtagEngine
import MtagModel

/// What a run leaves on disk.
extension TrainingLoop {
  /// Writes what an epoch leaves, while the next one begins. The checkpoint comes last: a kill before it does the epoch
  /// again, and overwrites what was there already.
  func save(_ model: Model, isBest: Bool, _ record: EpochRecord) throws {
    var model = model
    model.card.metrics = metrics(record)
    let saved = try trainingState()
    try writer.write { [folder, records, model] in
      if isBest { try model.save(to: folder.best) }
      try folder.write(records)
      try model.save(to: folder.last, extra: saved)
    }
  }

  private func trainingState() throws -> TrainingState {
    TrainingState(moments: engine.optimizerState().moments, text: try state.text())
  }

  func saveAndStop() throws -> Never {
    let model = job.model(
      weights: engine.weights(), standardization: data.standardization,
      metrics: records.last.map(metrics) ?? [:], epoch: state.epoch)
    try writer.finish()
    try model.save(to: folder.last, extra: try trainingState())
    throw MtagError(
      .interrupted,
      "interrupted after \(state.epoch) epochs and \(state.stepInEpoch) steps, and saved; go on with: "
        + "mtag-zoo train --resume \(folder.path)")
  }
}
