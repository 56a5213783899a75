public import ArgumentParser
import Foundation
public import MtagZoo

extension TrainingConfiguration.OptimizerName: ExpressibleByArgument {}
extension LearningRateSchedule: ExpressibleByArgument {}

/// The options of `train` that make up its configuration; each overrides the field of `--config`.
struct RecipeOptions: ParsableArguments {
  @Option(help: "A config.yaml to start from.") var config: String?
  @Option(help: "The model to train, see `list models`, or a model's .yaml file (default: cnn4).") var model:
    String?
  @Option(
    name: .customLong("set"),
    help: "A setting of the model or the features, such as widths=[16,32] or bands=96; may be repeated.")
  var settings: [String] = []
  @Option(help: "The feature preset; see `list features` (default: what the model was made for).")
  var features: String?
  @Option(help: "A folder per class, a manifest .csv or .jsonl, or starter (default: starter).") var dataset:
    String?
  @Option(help: "The column that holds the labels.") var label: String?
  @Option(help: "random:0.8, group:COLUMN:0.8, column:NAME or lists:DIR (default: what suits the data set).")
  var split: String?
  @Option(help: "Passes over the training clips (default: 30).") var epochs: Int?
  @Option(help: "Train for about this long, such as 20m, instead of --epochs.") var time: String?
  @Option(help: "Clips in a batch (default: 16).") var batchSize: Int?
  @Option(help: "Frames of a random crop (default: the model's own, or 256).") var crop: Int?
  @Option(help: "The largest learning rate (default: 0.002).") var lr: Double?
  @Option(help: "sgd, adam or adamw (default: adamw).") var optimizer: TrainingConfiguration.OptimizerName?
  @Option(help: "constant, cosine or one-cycle (default: one-cycle).") var schedule: LearningRateSchedule?
  @Option(help: "Share of the run in which the rate rises (default: 0.2 for one-cycle, else 0).") var warmUp:
    Double?
  @Option(help: "Weight decay (default: 0.01).") var weightDecay: Double?
  @Option(help: "Label smoothing (default: 0.1).") var labelSmoothing: Double?
  @Option(help: "Largest norm of all gradients together (default: no limit).") var clip: Double?
  @Option(help: "Stop after this many epochs without a better validation metric (default: never).")
  var patience: Int?
  @Option(
    name: .customLong("init"),
    help:
      "Start from the tensors of this .safetensors or .onnx file that fit by name, ours or another program's (a state_dict saved from PyTorch)."
  )
  var initial: String?
  @Option(help: "With --init: how the file stores 2-D kernels (default: bands-frames).") var initAxes:
    KernelAxes?
  @Option(help: "Decides weights, order, crops and random splits (default: 0).") var seed: UInt64?

  func validate() throws {
    if initAxes != nil && initial == nil && config == nil {
      throw ValidationError("--init-axes needs --init FILE")
    }
    if epochs != nil && time != nil { throw ValidationError("--epochs and --time exclude each other") }
  }

  /// Whether no option was given.
  var isEmpty: Bool {
    let texts = [config, model, features, dataset, label, split, time, initial]
    let numbers = [epochs, batchSize, crop, patience]
    let fractions = [lr, warmUp, weightDecay, labelSmoothing, clip]
    return texts.allSatisfy { $0 == nil } && numbers.allSatisfy { $0 == nil }
      && fractions.allSatisfy { $0 == nil }
      && settings.isEmpty && optimizer == nil && schedule == nil && seed == nil
      && initAxes == nil
  }

  /// The configuration file (or the defaults) with the options on top.
  func configuration(threads: Int?, zoo: Zoo) throws -> TrainingConfiguration {
    var result =
      try config.map(TrainingConfiguration.load)
      ?? TrainingConfiguration(threads: ProcessInfo.processInfo.activeProcessorCount)
    let configured = result.model
    result.model = model ?? result.model
    // A configuration's features are those of its model; another model comes with its own.
    let ownFeatures = model == nil || model == configured ? result.features : nil
    let changes = try zoo.settings(settings, model: result.model, features: features ?? ownFeatures)
    result.overrides.merge(changes.overrides) { $1 }
    result.features = changes.features
    result.dataset = dataset ?? result.dataset
    result.label = label ?? result.label
    result.split = split ?? result.split
    result.timeBudgetSeconds =
      try time.map(DurationText.seconds) ?? (epochs == nil ? result.timeBudgetSeconds : nil)
    result.epochs = epochs ?? result.epochs
    result.batchSize = batchSize ?? result.batchSize
    result.cropFrames = crop ?? result.cropFrames
    result.learningRate = lr ?? result.learningRate
    result.optimizer = optimizer ?? result.optimizer
    result.schedule = schedule ?? result.schedule
    result.warmUpShare = warmUp ?? result.warmUpShare
    result.weightDecay = weightDecay ?? result.weightDecay
    result.labelSmoothing = labelSmoothing ?? result.labelSmoothing
    result.gradientClip = clip ?? result.gradientClip
    result.patience = patience ?? result.patience
    if let initial {
      result.initialWeights = initial
      (result.initialWeightsSHA256, result.initialAxes) = (nil, nil)
    }
    result.initialAxes = initAxes ?? result.initialAxes
    result.seed = seed ?? result.seed
    result.threads = threads ?? result.threads
    return result
  }
}
