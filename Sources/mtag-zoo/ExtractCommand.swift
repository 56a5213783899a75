import ArgumentParser
import MtagZoo

/// `extract`: features as arrays.
struct ExtractCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract", abstract: "Write features as float32 arrays, [bands, frames], that NumPy reads.")

  /// A file format of arrays.
  enum Format: String, CaseIterable, ExpressibleByArgument { case npy }

  @Argument(help: "Sound files and folders of them.")
  var clips: [String]

  @Option(help: "The folder to write into: DIR/<stem>.npy; folders keep their structure.")
  var out: String

  @OptionGroup var features: FeatureOptions

  @Option(help: "The file format.")
  var format = Format.npy

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if clips.isEmpty { throw ValidationError("name at least one sound file or folder") }
  }

  func run() throws {
    try global.start().run { zoo, observer in
      try zoo.extract(
        clips, to: out, features: try features.name(zoo), threads: threads.count, observer: observer,
        written: StandardStreams.result)
    }
  }
}
