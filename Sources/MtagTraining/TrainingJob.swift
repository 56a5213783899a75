import Foundation
public import MtagData
public import MtagFeatures
public import MtagGraph
import MtagModel

/// A training configuration with all its names resolved: what the trainer needs and nothing else.
public struct TrainingJob: Sendable {
  /// The recipe; its split and label are filled in.
  public var configuration: TrainingConfiguration
  /// The clips.
  public var dataset: Dataset
  /// Who is trained on and who is validated on.
  public var split: Split
  /// The network.
  public var graph: Graph
  /// The front-end.
  public var extractor: any FeatureExtractor
  /// The YAML of a declared architecture; nil for one in Swift.
  public var architectureText: String?
  /// The crop that the architecture was made for, in frames; nil if nobody says.
  public var chunkFrames: Int?
  /// Weights to start from.
  public var initialWeights: Weights
  /// Where feature maps are cached; nil for no cache.
  public var cacheFolder: String?
  /// How large the maps there may be together.
  public var cacheLimit: CacheLimit
  /// The run's folder.
  public var runFolder: String

  /// Puts a job together.
  public init(
    configuration: TrainingConfiguration, dataset: Dataset, split: Split, graph: Graph,
    extractor: any FeatureExtractor, architectureText: String? = nil, chunkFrames: Int? = nil,
    initialWeights: Weights, cacheFolder: String?,
    cacheLimit: CacheLimit = .automatic, runFolder: String
  ) {
    self.configuration = configuration
    self.dataset = dataset
    self.split = split
    self.graph = graph
    self.extractor = extractor
    self.architectureText = architectureText
    self.chunkFrames = chunkFrames
    self.initialWeights = initialWeights
    self.cacheFolder = cacheFolder
    self.cacheLimit = cacheLimit
    self.runFolder = runFolder
  }

  /// A model of this job with given weights.
  func model(weights: Weights, standardization: Standardization, metrics: [String: Double], epoch: Int)
    -> Model
  {
    Model(
      graph: graph, weights: weights, featureSpec: extractor.spec, standardization: standardization,
      labels: dataset.labels, isMultiLabel: dataset.isMultiLabel, chunkFrames: cropFrames,
      card: ModelCard(
        dataset: dataset.name, split: split.name, splitHash: split.sha256, metrics: metrics,
        notes: "epoch \(epoch) of \(configuration.epochs), seed \(configuration.seed)\(origin)"))
  }

  /// Frames of a crop, before it is known how long the clips are.
  var cropFrames: Int {
    configuration.cropFrames ?? chunkFrames ?? TrainingConfiguration.standardCropFrames
  }

  /// What the weights began as, if not at random.
  private var origin: String {
    guard let path = configuration.initialWeights else { return "" }
    let hash = configuration.initialWeightsSHA256.map { " (SHA-256 \($0))" } ?? ""
    return ", started from \((path as NSString).lastPathComponent)\(hash)"
  }
}
