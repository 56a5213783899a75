import MtagAudio
public import MtagCore
import MtagEngine
import MtagFeatures
import MtagGraph
import MtagKernelTypes
import MtagKernels
import MtagModel
import MtagTraining

extension Zoo {
  /// Labels of the networks that are timed.
  private static let benchLabels = 10

  /// Which kernels the engine runs on this CPU, its own and OpenBLAS's: `kernels v4; matrix products by OpenBLAS 0.3.21
  /// (SkylakeX)`.
  /// - Throws: `MtagError` (usage) if `MTAG_KERNELS` names none of them or OpenBLAS is missing.
  public func processorNote() throws -> String {
    let blas = try BLAS.load()
    return
      "kernels \(try Kernels.table().level); matrix products by OpenBLAS \(blas.version) (\(blas.coreName))"
  }

  /// Times whole training steps: forward, cross-entropy, backward, AdamW.
  public func benchTraining(_ options: BenchOptions, observer: Observer = .silent) throws -> BenchResult {
    let (model, inputs, frames) = try prepare(options)
    let engine = try TrainingEngine(
      graph: model.graph, weights: model.weights, loss: .crossEntropy(labelSmoothing: 0.1),
      optimizer: .adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-2), gradientClip: nil,
      threads: options.threads, seed: 0)
    var targets = [Float](repeating: 0, count: options.batchSize * Self.benchLabels)
    for clip in 0..<options.batchSize { targets[clip * Self.benchLabels + clip % Self.benchLabels] = 1 }
    let speed = try options.isProfiled ? MachineSpeed.measure(threads: options.threads) : nil
    engine.profile = options.isProfiled ? StepProfile() : nil
    let times = try BenchTimes(repeats: options.repeats, warmUp: 2, warm: { engine.profile?.removeAll() }) {
      try observer.checkCancelled()
      _ = try inputs.withUnsafeBufferPointer { inputs in
        try targets.withUnsafeBufferPointer { targets in
          try engine.step(
            inputs: inputs, targets: targets, batch: options.batchSize, frames: frames,
            learningRate: 1e-3)
        }
      }
    }
    let rows = try engine.profileRows(batch: options.batchSize, frames: frames)
    return BenchResult(
      unit: "ms per step", frames: frames, times: times,
      profile: speed.map { BenchProfile(rows, speed: $0, threads: options.threads) })
  }

  /// Times the network alone, from standardised features to logits; per clip, so a batch's time is divided by its size.
  public func benchInference(_ options: BenchOptions, observer: Observer = .silent) throws -> BenchResult {
    let (model, inputs, frames) = try prepare(options)
    let engine = try InferenceEngine(graph: model.graph, weights: model.weights, threads: options.threads)
    let speed = try options.isProfiled ? MachineSpeed.measure(threads: options.threads) : nil
    engine.profile = options.isProfiled ? StepProfile() : nil
    let times = try BenchTimes(
      repeats: options.repeats, warmUp: 2, warmUpSeconds: 0.3, warm: { engine.profile?.removeAll() }
    ) {
      try observer.checkCancelled()
      _ = try inputs.withUnsafeBufferPointer {
        try engine.logits($0, batch: options.batchSize, frames: frames)
      }
    }
    let rows = try engine.profileRows(batch: options.batchSize, frames: frames)
    return BenchResult(
      unit: "ms per clip", frames: frames, times: times.divided(by: Double(options.batchSize)),
      profile: speed.map { BenchProfile(rows, speed: $0, threads: options.threads) })
  }

  /// Times feature extraction of one clip on `threads` threads that each work on a clip of their own.
  public func benchFeatures(
    _ path: String, features: String, threads: Int, repeats: Int, observer: Observer = .silent
  ) throws -> FeatureBenchResult {
    try BenchOptions.check(threads: threads, repeats: repeats)
    let extractor = try extractor(named: features)
    let rate = extractor.spec.sampleRateHz
    let clip = try AudioFile.load(path, sampleRateHz: rate)
    let frames = extractor.frameCount(samples: clip.samples.count)
    func measure(_ body: @escaping () throws -> Void) throws -> BenchTimes {
      let times = try BenchTimes(repeats: repeats, warmUp: 2, warmUpSeconds: 0.3) {
        try observer.checkCancelled()
        let batch = ClipBatch(
          paths: Array(repeating: path, count: threads), threads: threads, task: "features", observer: .silent
        )
        for outcome in try batch.run({ _, _ in try body() }) {
          if let error = outcome.error { throw error }
        }
      }
      return times.divided(by: Double(threads))
    }
    func read(sampleRateHz: Int?) throws {
      let reader = try AudioReader(path: path, sampleRateHz: sampleRateHz)
      while try reader.withNextBlock({ _ in }) {}
    }
    return FeatureBenchResult(
      unit: "ms per clip",
      fromSamples: try measure { _ = try extractor.extract(clip.samples) },
      withDecoding: try measure { _ = try ClipFeatures.load(path, extractor: extractor) },
      decoding: try measure { try read(sampleRateHz: nil) },
      decodingAndResampling: try measure { try read(sampleRateHz: rate) },
      transforms: try BareTransforms(of: extractor).map { transforms in
        try measure { transforms.run(frames: frames) }
      })
  }

  /// A seeded model and a batch of noise for it.
  private func prepare(_ options: BenchOptions) throws -> (model: Model, inputs: [Float], frames: Int) {
    try options.validate()
    let outline = try ArchitectureOutline(
      self, try architecture(named: options.model), overrides: options.overrides, features: options.features,
      labels: Self.benchLabels)
    let frames = options.frames ?? outline.inputFrames
    guard frames >= outline.minimumFrames else {
      throw MtagError(
        .usage, "\(frames) frames are too few for \(options.model); it needs \(outline.minimumFrames)")
    }
    if let longest = outline.maximumFrames, frames > longest {
      throw MtagError(
        .usage, "\(frames) frames are too many for \(options.model); it takes at most \(longest)")
    }
    try BenchOptions.check(batchSize: options.batchSize, frames: frames)
    let model = try untrained(
      options.model, overrides: options.overrides, features: options.features, labels: Self.benchLabels,
      seed: 0)
    var random = RandomGenerator(seed: 0)
    let count = options.batchSize * model.graph.inputBands * frames * model.graph.inputChannels
    return (model, (0..<count).map { _ in random.uniform(-1, 1) }, frames)
  }
}

extension BenchTimes {
  /// The same times shared among `count` clips.
  func divided(by count: Double) -> BenchTimes { BenchTimes(min: min / count, median: median / count) }

  private init(min: Double, median: Double) {
    self.min = min
    self.median = median
  }
}
