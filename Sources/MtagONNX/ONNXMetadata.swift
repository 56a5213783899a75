import MtagCore
import MtagFeatures
import MtagGraph
import MtagModel

/// The texts in a file's `metadata_props`: with them the file alone can be used.
enum ONNXMetadata {
  /// All texts by key. The same model and options give the same ones.
  /// - Throws: `MtagError` (usage) for a value that JSON cannot hold.
  static func texts(_ model: Model, options: ONNXOptions) throws -> [String: String] {
    let (spec, graph) = (model.featureSpec, model.graph)
    var texts = try ModelMetadata.texts(model)
    texts["producer"] = "mtag-zoo"
    texts["architecture"] = graph.name
    texts["graph"] = try ModelMetadata.json(graph, "graph")
    texts["input"] = options.input.rawValue
    texts["sample_rate_hz"] = String(spec.sampleRateHz)
    texts["hop_samples"] = String(spec.extractor == "waveform" ? 1 : spec.hopLength)
    texts["aggregation"] = "mean of the scores of evenly spaced chunks that cover the clip"
    texts["licence"] = model.card.licence
    if !model.card.splitHash.isEmpty { texts["split_sha256"] = model.card.splitHash }
    if let longest = try graph.maximumFrames() { texts["maximum_frames"] = String(longest) }
    let filters = graph.nodes.compactMap { node -> (String, Operation.HarmonicFilter)? in
      if case .harmonicFilter(let attributes) = node.operation { (node.name, attributes) } else { nil }
    }
    if !filters.isEmpty {
      texts["harmonic_filters"] = try ModelMetadata.json(
        Dictionary(uniqueKeysWithValues: filters), "harmonic_filters")
    }
    try addLengths(&texts, model, options)
    return texts
  }

  /// The fewest samples that a front end in the graph takes for a network.
  /// - Throws: `MtagError` (usage) if the spec is out of range.
  static func minimumSamples(_ model: Model) throws -> Int {
    let spec = model.featureSpec
    let frames = max(try model.graph.minimumFrames(), try FrontEndWriter.fewestFrames(spec))
    let samples = try FeatureExtractors.outline(of: spec).fewestSamples(frames: frames)
    return spec.extractor == "waveform" ? samples : max(samples, FramePlan.fewestSamples(spec))
  }

  // MARK: - Helpers

  /// Lengths in frames for all files, and in samples where they can be said.
  private static func addLengths(
    _ texts: inout [String: String], _ model: Model, _ options: ONNXOptions
  ) throws {
    texts["minimum_frames"] = String(try model.graph.minimumFrames())
    guard options.input == .waveform else { return }
    let outline = try FeatureExtractors.outline(of: model.featureSpec)
    texts["minimum_samples"] = String(try minimumSamples(model))
    texts["chunk_samples"] = String(outline.fewestSamples(frames: model.chunkFrames))
    if let longest = try model.graph.maximumFrames() {
      texts["maximum_samples"] = String(outline.fewestSamples(frames: longest + 1) - 1)
    }
  }
}
