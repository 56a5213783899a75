import MtagCore
import MtagFeatures
import MtagGraph
import MtagModel
import MtagModels

/// Models with random weights whose running statistics are far from their start, and whose logits differ much from clip
/// to clip.
enum SampleModel {
  static func cnn4(
    widths: [Int] = [8, 16], hidden: Int = 12, bands: Int = 32, labels: Int = 5, isMultiLabel: Bool = false,
    seed: UInt64 = 3
  ) throws -> Model {
    var architecture = CNN4()
    architecture.widths = widths
    architecture.hidden = hidden
    return try model(
      of: architecture.graph(bands: bands, labels: labels), isMultiLabel: isMultiLabel, seed: seed)
  }

  static func model(of graph: Graph, isMultiLabel: Bool = false, seed: UInt64 = 3) throws -> Model {
    var weights = Weights(initializing: try graph.parameters(), seed: seed)
    var random = RandomGenerator(seed: seed, stream: 1 << 32)
    for (index, parameter) in weights.parameters.enumerated() {
      guard case .constant = parameter.initializer else {
        // Uniform values within 1 / √fan-in shrink a signal to a third or so; this keeps its size.
        for position in weights.range(at: index) { weights.values[position] *= 2 }
        continue
      }
      let isScale = parameter.name.hasSuffix("running_var") || parameter.name.hasSuffix("weight")
      for position in weights.range(at: index) {
        weights.values[position] = isScale ? random.uniform(0.5, 2) : random.uniform(-0.5, 0.5)
      }
    }
    return Model(
      graph: graph, weights: weights, featureSpec: spec(bands: graph.inputBands),
      standardization: Standardization(mean: -35.25, deviation: 18.5),
      labels: (0..<(try graph.labelCount())).map { "label \($0)" }, isMultiLabel: isMultiLabel,
      chunkFrames: 128,
      card: ModelCard(notes: "random weights, \"seed\" \(seed) – Ärger"))
  }

  /// Vectors turned back into maps, names that look like the exporter's own, logits that no linear layer gives, and
  /// dropout at the end.
  static func mixedGraph() throws -> Graph {
    var builder = GraphBuilder(name: "mixed", inputBands: 24)
    var x = builder.convolution(builder.input, "standardize", channels: 6, kernel: 5, stride: 2, padding: 1)
    x = builder.maxPool(x, "scores", size: 2)
    x = builder.globalAveragePool(builder.relu(x, "features"), "logits")
    x = builder.batchNorm(builder.linear(x, "logits.flatten", features: 7), "norm")
    x = builder.convolution(builder.relu(x, "logits.flatten.output"), "last", channels: 4, kernel: 3)
    _ = builder.dropout(x, "dropout", rate: 0.2)
    return try builder.finish()
  }

  /// Convolutions of every kind, each with what inference folds into it.
  static func convolutionsGraph() throws -> Graph {
    var builder = GraphBuilder(name: "convolutions", inputBands: 40)
    var x = builder.convolution(
      builder.input, "tall", channels: 20, kernel: .init(7, 3), stride: .init(2, 1), padding: .init(0, 1))
    x = builder.relu(builder.batchNorm(x, "tall.norm"), "tall.relu")
    x = builder.convolution(x, "grouped", channels: 24, kernel: 3, groups: 4, bias: false)
    x = builder.relu(builder.batchNorm(x, "grouped.norm"), "grouped.relu")
    x = builder.convolution(x, "depthwise", channels: 24, kernel: 5, stride: 2, groups: 24)
    x = builder.batchNorm(x, "depthwise.norm")
    x = builder.convolution(x, "dilated", channels: 18, kernel: .init(3, 3), dilation: .init(2, 4))
    x = builder.maxPool(builder.relu(builder.batchNorm(x, "dilated.norm"), "dilated.relu"), "pool", size: 2)
    x = builder.relu(builder.convolution(x, "point", channels: 40, kernel: 1), "point.relu")
    _ = builder.linear(builder.globalAveragePool(x, "mean"), "linear", features: 5)
    return try builder.finish()
  }

  static func spec(bands: Int) -> FeatureSpec {
    var spec = FeaturePresets.melspec
    spec.bands = bands
    return spec
  }
}
