public import MtagFeatures
public import MtagGraph

/// A tagger that can be used: the network, its weights, the front-end it was trained with, its labels and its card.
public struct Model: Sendable {
  /// The network.
  public var graph: Graph
  /// Its weights.
  public var weights: Weights
  /// The front-end; features made by any other are refused.
  public var featureSpec: FeatureSpec
  /// How features are standardised before the network: `(x − mean) / deviation`, from the training split.
  public var standardization: Standardization
  /// Label names, in the order of the logits.
  public var labels: [String]
  /// Whether a clip may have several labels (sigmoid scores) or has exactly one (softmax).
  public var isMultiLabel: Bool
  /// Frames of one chunk: longer clips are cut into chunks and their scores averaged.
  public var chunkFrames: Int
  /// Where it comes from.
  public var card: ModelCard

  /// Makes a model.
  public init(
    graph: Graph, weights: Weights, featureSpec: FeatureSpec, standardization: Standardization,
    labels: [String],
    isMultiLabel: Bool, chunkFrames: Int, card: ModelCard
  ) {
    self.graph = graph
    self.weights = weights
    self.featureSpec = featureSpec
    self.standardization = standardization
    self.labels = labels
    self.isMultiLabel = isMultiLabel
    self.chunkFrames = chunkFrames
    self.card = card
  }
}

/// Mean and deviation of all feature values of the training split.
public struct Standardization: Codable, Hashable, Sendable {
  /// Subtracted first, in the features' unit.
  public var mean: Float
  /// Divided by next.
  public var deviation: Float

  /// Makes a standardisation; (0, 1) changes nothing.
  public init(mean: Float = 0, deviation: Float = 1) {
    self.mean = mean
    self.deviation = deviation
  }
}

/// What a reader of a model file should know: licence, data, split, metrics. All plain text.
public struct ModelCard: Codable, Hashable, Sendable {
  /// Licence of the weights, or `unstated`.
  public var licence: String
  /// What it was trained on.
  public var dataset: String
  /// The split as typed, such as `random:0.8`.
  public var split: String
  /// SHA-256 of the split.
  public var splitHash: String
  /// Metrics on the validation split, by name.
  public var metrics: [String: Double]
  /// Anything else worth saying.
  public var notes: String

  /// Makes a card.
  public init(
    licence: String = "unstated", dataset: String = "none (untrained)", split: String = "",
    splitHash: String = "",
    metrics: [String: Double] = [:], notes: String = ""
  ) {
    self.licence = licence
    self.dataset = dataset
    self.split = split
    self.splitHash = splitHash
    self.metrics = metrics
    self.notes = notes
  }
}
