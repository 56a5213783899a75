import ArgumentParser
import MtagZoo

/// `info`: everything about one name.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show a model's card and layer table, a feature preset, or a run.")

  @Argument(help: "A model or feature of `list`, a run folder, or a .safetensors file.")
  var name: String

  @Option(help: "The features that an architecture's table is made for.")
  var features = "melspec"

  @Option(
    name: .customLong("set"),
    help:
      "A setting of the architecture or the features, such as widths=[16,32] or bands=96; may be repeated.")
  var settings: [String] = []

  @OptionGroup var global: GlobalOptions

  func run() throws {
    switch try Zoo().info(name, settings: settings, features: features) {
    case .architecture(let card, let settings, let features, let seconds, let layers):
      let values = try settings.sorted { $0.key < $1.key }.map { "\($0.key)=\(try $0.value.text())" }
      try show([
        "\(card.name): \(card.summary)", "source: \(card.source)",
        "settings: \(values.joined(separator: " "))",
        "shortest clip: \(String(rounding: seconds, digits: 2)) s of \(features)",
        "layers for a 30 s clip of \(features) and 10 labels, [bands×frames×channels]:",
      ])
      try show(LayerTable.lines(layers))
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

  private func show(_ lines: [String]) throws {
    for line in lines { try StandardStreams.result(line) }
  }
}
