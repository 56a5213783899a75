import ArgumentParser
import MtagZoo

/// `render`: spectrogram pictures.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Draw a clip's features: one pixel per frame and band, low bands at the bottom.")

  @Argument(help: "A sound file, or a folder of them.")
  var clip: String

  @Argument(help: "The PNG file; for a folder, the folder of PNG files.")
  var output: String

  @OptionGroup var features: FeatureOptions

  @Flag(help: "16-bit grey that decodes back to the feature values, instead of colour.")
  var gray16 = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    try global.start().run { zoo, observer in
      try zoo.render(
        clip, to: output, features: try features.name(zoo), isGray16: gray16, threads: threads.count,
        observer: observer,
        written: StandardStreams.result)
    }
  }
}
