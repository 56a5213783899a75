import ArgumentParser
import MtagZoo

/// `bench cache`: a clip's features from the cache.
struct BenchCacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract:
      "Time a clip's cached features: loading with all checks, reading, cutting a crop; on one thread.")

  @Argument(help: "A sound file.") var clip: String
  @Option(help: "The feature preset; see `list features`.") var features = "melspec"
  @Option(help: "Measurements.") var repeats = 5
  @Flag(help: "Print one JSON object.") var json = false
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let result = try global.start().run { zoo, observer in
      try zoo.benchCache(clip, features: features, repeats: repeats, observer: observer)
    }
    if json { return try StandardStreams.result(json: result) }
    func line(_ name: String, _ times: BenchTimes, _ speed: Double? = nil) throws {
      let speed = speed.map { "; \(String(rounding: $0, digits: 1)) GB/s" } ?? ""
      try StandardStreams.result("\(name), \(BenchCommand.line(result.unit, times))\(speed)")
    }
    try line("load \(ByteCount.text(result.bytes)) and check", result.load, result.loadGBPerSecond)
    try line("read \(ByteCount.text(result.valueBytes))", result.read, result.readGBPerSecond)
    try line("mean and deviation", result.standardization)
    try line("crop of 256 frames", result.crop)
  }
}
