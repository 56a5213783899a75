import MtagCore
import MtagData
import MtagEngine
import MtagModel

/// Fits the number of epochs to a time, from the measured speed of steps and of validation.
enum TimeBudget {
  /// Share of the time that is planned for; the rest is room for checkpoints and a busy machine.
  private static let plannedShare = 0.92
  private static let measuredSteps = 4
  private static let measuredClips = 4

  /// How many epochs fit into `seconds`; at least one.
  static func epochs(_ job: TrainingJob, data: TrainingData, seconds: Double, observer: Observer) throws
    -> Int
  {
    let begin = ContinuousClock.now
    let configuration = job.configuration
    let loader = data.loader(job)
    let engine = try TrainingEngine(
      graph: job.graph, weights: job.initialWeights,
      loss: configuration.loss(isMultiLabel: job.dataset.isMultiLabel),
      optimizer: configuration.optimizerConfiguration,
      gradientClip: configuration.gradientClip.map { Float($0) },
      threads: configuration.threads, seed: configuration.seed)
    var stepSeconds: [Double] = []
    for index in 0...measuredSteps {
      try observer.checkCancelled()
      let start = ContinuousClock.now
      let batch = loader.batch(index % loader.batchCount, epoch: 0)
      // A rate near zero: only the time matters here, the weights are thrown away.
      _ = try engine.step(batch, learningRate: 1e-8)
      // The first step pays for planning and for memory, so it is left out.
      if index > 0 { stepSeconds.append(start.duration(to: .now).seconds) }
    }
    let model = job.model(
      weights: job.initialWeights, standardization: data.standardization, metrics: [:], epoch: 0)
    let scorer = try ChunkScorer(model: model, threads: configuration.threads)
    let start = ContinuousClock.now
    let sample = data.valid.prefix(measuredClips)
    for index in sample {
      if let map = data.features.maps[index] {
        _ = try scorer.scores(of: map, count: configuration.validationChunks)
      }
    }
    let clipSeconds = sample.isEmpty ? 0 : start.duration(to: .now).seconds / Double(sample.count)
    let step = stepSeconds.sorted()[stepSeconds.count / 2]
    let epoch = step * Double(loader.batchCount) + clipSeconds * Double(data.valid.count)
    let planned = seconds * plannedShare - begin.duration(to: .now).seconds
    return max(1, Int(min(planned / epoch, 1e6)))
  }
}

extension TrainingEngine {
  /// One step on a loader's batch.
  func step(_ batch: Batch, learningRate: Double) throws -> StepResult {
    try batch.inputs.withUnsafeBufferPointer { inputs in
      try batch.targets.withUnsafeBufferPointer { targets in
        try step(
          inputs: inputs, targets: targets, batch: batch.batch, frames: batch.frames,
          learningRate: Float(learningRate))
      }
    }
  }
}
