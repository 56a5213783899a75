import ArgumentParser
import MtagZoo

/// `bench features`: a clip's features, with and without decoding.
struct BenchFeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Time feature extraction of a clip, from its samples and from its file.")

  @Argument(help: "A sound file.") var clip: String
  @Option(help: "Threads, each with a clip of its own.") var threads = 1
  @Option(help: "Measurements.") var repeats = 5
  @Flag(help: "Print one JSON object.") var json = false
  @OptionGroup var features: FeatureOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let result = try global.start().run { zoo, observer in
      try zoo.benchFeatures(
        clip, features: try features.name(zoo), threads: threads, repeats: repeats, observer: observer)
    }
    if json { return try StandardStreams.result(json: result) }
    let lines = [
      ("from samples", result.fromSamples), ("with decoding", result.withDecoding),
      ("decoding alone", result.decoding), ("decoding and resampling", result.decodingAndResampling),
      ("Fourier transforms alone", result.transforms),
    ]
    for case (let what, let times?) in lines {
      try StandardStreams.result("\(what), \(BenchCommand.line(result.unit, times))")
    }
  }
}
