import ArgumentParser
import MtagZoo

/// `bench`: how fast this machine is.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time training steps, inference, features, their cache or one convolution.",
    subcommands: [
      BenchTrainCommand.self, BenchInferCommand.self, BenchFeaturesCommand.self, BenchCacheCommand.self,
      BenchConvolutionCommand.self,
    ])
}

/// Options that `bench train` and `bench infer` share.
struct NetworkBenchOptions: ParsableArguments {
  @Option(help: "The model, or a model's .yaml file.") var model = "cnn4"
  @Option(
    name: .customLong("set"),
    help: "A setting of the model or the features, such as widths=[16,32] or bands=96; may be repeated.")
  var settings: [String] = []
  @Option(help: "The feature preset, which gives the bands (default: what the model was made for).")
  var features: String?
  @Option(help: "Frames of each clip (default: the model's chunk, or 30 s).") var frames: Int?
  @Option(help: "Threads.") var threads = 1
  @Option(help: "Measurements.") var repeats = 5
  @Flag(help: "Also print where the time goes, step by step of the compiled network.") var profile = false
  @Flag(help: "Print one JSON object.") var json = false

  func options(batchSize: Int) throws -> BenchOptions {
    var result = BenchOptions()
    result.model = model
    (result.overrides, result.features) = try Zoo().settings(settings, model: model, features: features)
    result.batchSize = batchSize
    result.frames = frames
    result.threads = threads
    result.repeats = repeats
    result.isProfiled = profile
    return result
  }

  func show(_ result: BenchResult) throws {
    if json { return try StandardStreams.result(json: result) }
    for line in result.profile.map(ProfileTable.lines) ?? [] { try StandardStreams.result(line) }
    try StandardStreams.result(BenchCommand.line(result.unit, result.times))
  }
}

extension BenchCommand {
  static func line(_ unit: String, _ times: BenchTimes) -> String {
    "\(unit): min \(String(rounding: times.min, digits: 3)), median \(String(rounding: times.median, digits: 3))"
  }
}
