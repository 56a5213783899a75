import MtagFeatures
import MtagGraph
import MtagModel
import MtagModels

enum SampleModel {
  static func make(seed: UInt64 = 5) throws -> Model {
    var architecture = CNN4()
    architecture.widths = [4, 6]
    architecture.hidden = 3
    let graph = try architecture.graph(bands: 16, labels: 2)
    var spec = FeaturePresets.melspec
    spec.bands = 16
    spec.hopLength = 256
    return Model(
      graph: graph, weights: Weights(initializing: try graph.parameters(), seed: seed), featureSpec: spec,
      standardization: Standardization(mean: -41.3, deviation: 17.77),
      labels: ["drum \"n\" bass", "Schlager/Ärger\n"],
      isMultiLabel: true, chunkFrames: 64,
      card: ModelCard(
        licence: "CC0-1.0", dataset: "none", metrics: ["loss": 0.1, "accuracy": 1.0 / 3], notes: "tab\t"))
  }
}
