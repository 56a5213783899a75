import MtagCore
public import MtagEngine
public import MtagModel

/// Everything needed to repeat a training run; written into its folder as `config.yaml`.
public struct TrainingConfiguration: Codable, Hashable, Sendable {
  /// Name of the architecture in the registry, or the path of a declared one.
  public var model = "cnn4"
  /// Fields of the architecture's configuration that differ from its defaults.
  public var overrides: [String: JSONValue] = [:]
  /// Name of the feature preset in the registry; nil for the one that the architecture was made for.
  public var features: String?
  /// `starter`, or the path of a folder or manifest.
  public var dataset = "starter"
  /// The label column; nil for the data set's own default.
  public var label: String?
  /// How clips are split; nil for a split that suits the data set (its `split` column, its groups, or random).
  public var split: String?
  /// Passes over the training clips.
  public var epochs = 30
  /// If given, wall-clock seconds that the whole training may take; `epochs` is then set from the measured speed.
  public var timeBudgetSeconds: Double?
  /// Clips in a batch.
  public var batchSize = 16
  /// Frames of a random crop, and of the chunks that a clip is cut into afterwards; nil for the architecture's own, as far as there
  /// are clips that long.
  public var cropFrames: Int?
  /// The optimizer.
  public var optimizer = OptimizerName.adamw
  /// The largest learning rate.
  public var learningRate = 2e-3
  /// The optimizer's weight decay.
  public var weightDecay = 1e-2
  /// The momentum of `sgd`.
  public var momentum = 0.9
  /// How the learning rate moves.
  public var schedule = LearningRateSchedule.oneCycle
  /// Share of the run in which the rate rises; nil for the schedule's own.
  public var warmUpShare: Double?
  /// Share of the target that is spread over all labels; for one label a clip.
  public var labelSmoothing = 0.1
  /// Largest norm of all gradients together; nil for no limit.
  public var gradientClip: Double?
  /// Epochs without a better validation metric after which training stops; nil never stops early.
  public var patience: Int?
  /// Chunks of each clip whose scores are averaged in validation.
  public var validationChunks = 5
  /// A file whose fitting weights are the start; nil starts from random weights.
  public var initialWeights: String?
  /// How that file stores 2-D kernels; nil for `[out, in, bands, frames]`, as here.
  public var initialAxes: KernelAxes?
  /// SHA-256 of that file; filled in when it is read.
  public var initialWeightsSHA256: String?
  /// Decides weights, order, crops, dropout and random splits.
  public var seed: UInt64 = 0
  /// Threads; they change no result.
  public var threads: Int

  /// Frames of a crop where neither the configuration nor the architecture says.
  public static let standardCropFrames = 256

  /// Which optimizer.
  public enum OptimizerName: String, Codable, Hashable, Sendable, CaseIterable {
    case sgd, adam, adamw
  }

  /// The defaults: the recipe that the reference figures were made with.
  public init(threads: Int) { self.threads = threads }

  /// The optimizer with its constants; PyTorch's defaults for what the configuration does not say.
  public var optimizerConfiguration: OptimizerConfiguration {
    let decay = Float(weightDecay)
    switch optimizer {
    case .sgd: return .sgd(momentum: Float(momentum), weightDecay: decay)
    case .adam: return .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: decay)
    case .adamw: return .adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: decay)
    }
  }

  /// What is minimised.
  public func loss(isMultiLabel: Bool) -> LossFunction {
    isMultiLabel ? .binaryCrossEntropy : .crossEntropy(labelSmoothing: Float(labelSmoothing))
  }

  /// Refuses values that cannot work.
  /// - Throws: `MtagError` (usage) naming the first value out of range.
  public func validate() throws {
    func require(_ holds: Bool, _ message: String) throws {
      guard holds else { throw MtagError(.usage, message) }
    }
    try require((1...1_000_000).contains(epochs), "epochs \(epochs) must be in 1 ... 1000000")
    try require(
      timeBudgetSeconds.map { $0 > 0 } ?? true, "time budget \(timeBudgetSeconds ?? 0) s must be positive")
    try require((1...65_536).contains(batchSize), "batch size \(batchSize) must be in 1 ... 65536")
    try require(
      (1...1_000_000).contains(cropFrames ?? 1), "crop of \(cropFrames ?? 0) frames must be in 1 ... 1000000")
    try require(learningRate > 0 && learningRate.isFinite, "learning rate \(learningRate) must be positive")
    try require(weightDecay >= 0 && weightDecay.isFinite, "weight decay \(weightDecay) must be ≥ 0")
    try require((0..<1).contains(momentum), "momentum \(momentum) must be in 0 ..< 1")
    if let warmUpShare {
      try require((0...1).contains(warmUpShare), "warm-up share \(warmUpShare) must be in 0 ... 1")
    }
    try require((0..<1).contains(labelSmoothing), "label smoothing \(labelSmoothing) must be in 0 ..< 1")
    try require(gradientClip.map { $0 > 0 } ?? true, "gradient clip \(gradientClip ?? 0) must be positive")
    try require(patience.map { $0 >= 1 } ?? true, "patience \(patience ?? 0) must be ≥ 1 epoch")
    try require(validationChunks >= 1, "validation chunks \(validationChunks) must be ≥ 1")
    try require((1...1024).contains(threads), "threads \(threads) must be in 1 ... 1024")
  }
}
