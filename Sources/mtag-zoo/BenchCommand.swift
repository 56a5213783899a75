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
  @Option(help: "The model.") var model = "cnn4"
  @Option(
    name: .customLong("set"),
    help: "A setting of the model or the features, such as widths=[16,32] or bands=96; may be repeated.")
  var settings: [String] = []
  @Option(help: "The feature preset, which gives the bands; the model's own if left out.") var features:
    String?
  @Option(help: "Frames of each clip; if left out as many as the model's chunks have, or 1292.") var frames:
    Int?
  @Option(help: "Threads.") var threads = 1
  @Option(help: "Measurements.") var repeats = 5
  @Flag(help: "Also print where the time goes, step by step of the compiled network.") var profile = false
  @Flag(help: "Print one JSON object.") var json = false

  func options(batchSize: Int) throws -> BenchOptions {
    var result = BenchOptions()
    result.model = model
    let zoo = try Zoo()
    let card = try zoo.architectures.item(named: model).entry.card
    (result.overrides, result.features) = try zoo.settings(
      settings, model: model, features: features ?? card.features)
    result.batchSize = batchSize
    result.frames = frames ?? card.chunkFrames ?? result.frames
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
