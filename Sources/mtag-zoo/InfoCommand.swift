public import ArgumentParser
public import MtagZoo

extension KernelAxes: ExpressibleByArgument {}

/// `info`: everything about one name.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show a model's card and layer table, a feature preset, or a run.")

  @Argument(help: "A model or feature of `list`, a model's .yaml file, a run folder, or a .safetensors file.")
  var name: String

  @Option(help: "The features that an architecture's table is made for (default: those it was made for).")
  var features: String?

  @Option(
    name: .customLong("set"),
    help:
      "A setting of the architecture or the features, such as widths=[16,32] or bands=96; may be repeated.")
  var settings: [String] = []

  @Option(
    help: "Show which tensors of this .safetensors file an architecture would start from with train --init.")
  var weights: String?

  @Option(help: "With --weights: how the file stores 2-D kernels.")
  var axes: KernelAxes?

  @Option(help: "With --weights: how many labels the architecture has (default: 10).")
  var labels: Int?

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if weights == nil, axes != nil || labels != nil {
      throw ValidationError("--axes and --labels need --weights FILE")
    }
    if let labels, labels < 1 { throw ValidationError("--labels \(labels) must be at least 1") }
  }

  func run() throws {
    let zoo = try Zoo()
    if let weights { return try showMatch(zoo, weights) }
    let info = try zoo.info(name, settings: settings, features: features)
    if json { return try StandardStreams.result(json: info) }
    switch info {
    case .architecture(let info):
      try show(try ArchitectureText.lines(info))
      try show(LayerTable.lines(info.layers))
    case .features(let name, let summary, let shape, let canonicalText, let sha256):
      let channels = shape.channels == 1 ? "" : ", \(shape.channels) channels"
      try show([
        "\(name): \(summary)",
        "maps of \(shape.bands) band\(shape.bands == 1 ? "" : "s")\(channels); the fields:", "",
        canonicalText, "sha256: \(sha256)",
      ])
    case .model(let path, let model, let layers):
      let card = model.card
      let metrics = card.metrics.sorted { $0.key < $1.key }
        .map { "\($0.key) \(String(rounding: $0.value, digits: 4))" }
      try show([
        "\(path): \(model.graph.name)", "features: \(model.featureSpec.name)",
        "labels: \(model.labels.joined(separator: ", "))\(model.isMultiLabel ? " (several a clip)" : "")",
        "trained on: \(card.dataset), split \(card.split) \(card.splitHash.prefix(12))",
        "metrics: \(metrics.isEmpty ? "none" : metrics.joined(separator: ", "))",
        "licence: \(card.licence)", "notes: \(card.notes)",
        "layers for one chunk of \(model.chunkFrames) frames, [bands×frames×channels]:",
      ])
      try show(LayerTable.lines(layers))
    }
  }

  private func showMatch(_ zoo: Zoo, _ weights: String) throws {
    let changes = try zoo.settings(settings, model: name, features: features)
    let match = try zoo.weightMatch(
      weights, model: name, overrides: changes.overrides, features: changes.features,
      labels: labels ?? Zoo.defaultLabels, axes: axes ?? .bandsFrames)
    if json { return try StandardStreams.result(json: WeightTable.rows(match)) }
    try show(WeightTable.lines(match, path: weights))
  }

  private func show(_ lines: [String]) throws {
    for line in lines { try StandardStreams.result(line) }
  }
}
