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
    let spec = FeatureSpec(
      name: "test", extractor: "mel", sampleRateHz: 22_050, monoRule: .mean, resampler: .soxrHQ,
      waveformNormalization: .none, windowLength: 512, fftSize: 512, hopLength: 256, window: .hann,
      isCentered: true,
      padding: .zeros, magnitudeExponent: 2, bands: 16, melScale: .slaney, melNorm: .area,
      triangleDomain: .hertz,
      minimumHz: 0, maximumHz: 11_025, level: .init(reference: .clipMaximum, minimumValue: 1e-10, floorDB: 80)
    )
    return Model(
      graph: graph, weights: Weights(initializing: try graph.parameters(), seed: seed), featureSpec: spec,
      standardization: Standardization(mean: -41.3, deviation: 17.77),
      labels: ["drum \"n\" bass", "Schlager/Ärger\n"],
      isMultiLabel: true, chunkFrames: 64,
      card: ModelCard(
        licence: "CC0-1.0", dataset: "none", metrics: ["loss": 0.1, "accuracy": 1.0 / 3], notes: "tab\t"))
  }
}
