import ArgumentParser
import MtagZoo

/// `export`: weights for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model as ONNX, with its labels and the spec of its features inside.")

  @Argument(help: "A run folder or .safetensors file; the newest run if left out.")
  var source: String?

  @Flag(help: "Write ONNX.")
  var onnx = false

  @Option(help: "What the file takes: features, or waveform, with the front end inside.")
  var input = ONNXOptions.Input.features

  @Option(help: "Version of ONNX's operators: 17 ... 21.")
  var opset = 17

  @Option(
    help:
      "With --input waveform: spectra by a convolution that runs everywhere, or by ONNX's STFT (default: convolution, where it is exact)."
  )
  var stft: ONNXOptions.Transform?

  @Flag(help: "Fold batch norms into the convolutions before them.")
  var foldBatchNorm = false

  @Flag(help: "Store weights as 16-bit floats: half the size, scores a little off.")
  var halfWeights = false

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
    if !ONNXOptions.opsets.contains(opset) {
      let (low, high) = (ONNXOptions.opsets.lowerBound, ONNXOptions.opsets.upperBound)
      throw ValidationError("--opset \(opset) is not offered; choose \(low) … \(high)")
    }
    if stft != nil && input != .waveform { throw ValidationError("--stft needs --input waveform") }
    let given = [
      ("--set", !settings.isEmpty), ("--features", features != nil), ("--labels", labels != nil),
      ("--seed", seed != nil),
    ]
    if model == nil, let option = given.first(where: \.1)?.0 {
      throw ValidationError("\(option) needs --model; a run has its own")
    }
  }

  func run() throws {
    let path = try global.start().run { zoo, observer in
      if let model {
        try exportUntrained(model, zoo, observer)
      } else {
        try zoo.exportONNX(source, to: out, options: options, observer: observer)
      }
    }
    try StandardStreams.result(path)
  }

  private var options: ONNXOptions {
    ONNXOptions(
      opset: opset, input: input, transform: stft, foldsBatchNorms: foldBatchNorm, halvesWeights: halfWeights)
  }

  private func exportUntrained(_ model: String, _ zoo: Zoo, _ observer: Observer) throws -> String {
    let changes = try zoo.settings(settings, model: model, features: features)
    return try zoo.exportUntrainedONNX(
      model: model, overrides: changes.overrides, features: changes.features, labels: labels ?? 10,
      seed: seed ?? 0, to: out, options: options, observer: observer)
  }
}
