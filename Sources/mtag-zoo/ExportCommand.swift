import ArgumentParser
import MtagZoo

/// `export`: weights for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model as ONNX, with its labels and the spec of its features inside.")

  /// What the exported network takes.
  enum Input: String, CaseIterable, ExpressibleByArgument { case features }

  @Argument(help: "A run folder or .safetensors file; the newest run if left out.")
  var source: String?

  @Flag(help: "Write ONNX.")
  var onnx = false

  @Option(help: "What the exported network takes.")
  var input = Input.features

  @Option(help: "An untrained, seeded model of the registry or of a .yaml file instead of a run.")
  var model: String?

  @Option(help: "The file; beside the run's own file if left out.")
  var out: String?

  @Option(
    name: .customLong("set"),
    help:
      "With --model: a setting of it or of the features, such as widths=[16,32] or bands=96; may be repeated."
  )
  var settings: [String] = []

  @Option(help: "With --model: the feature preset (default: what the model was made for).")
  var features: String?

  @Option(help: "With --model: how many labels (default: 10).")
  var labels: Int?

  @Option(help: "With --model: the seed of the weights (default: 0).")
  var seed: UInt64?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if !onnx { throw ValidationError("say which format: --onnx") }
    if source != nil && model != nil { throw ValidationError("a run and --model exclude each other") }
    let given = [
      ("--set", !settings.isEmpty), ("--features", features != nil), ("--labels", labels != nil),
      ("--seed", seed != nil),
    ]
    if model == nil, let option = given.first(where: \.1)?.0 {
      throw ValidationError("\(option) needs --model; a run has its own")
    }
  }

  func run() throws {
    let zoo = try Zoo()
    let path =
      if let model {
        try exportUntrained(model, zoo)
      } else {
        try zoo.exportONNX(source, to: out)
      }
    try StandardStreams.result(path)
  }

  private func exportUntrained(_ model: String, _ zoo: Zoo) throws -> String {
    let changes = try zoo.settings(settings, model: model, features: features)
    return try zoo.exportUntrainedONNX(
      model: model, overrides: changes.overrides, features: changes.features, labels: labels ?? 10,
      seed: seed ?? 0, to: out)
  }
}
