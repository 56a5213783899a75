import ArgumentParser
import MtagZoo

/// `render`: spectrogram pictures and figures.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Draw a clip's features.",
    discussion: """
      One pixel per frame and band as PNG, low bands at the bottom; of features with several channels (such as the \
      harmonics of a stack) channels stand above each other, the first at the bottom. A waveform has no such picture. With --figure, or if OUTPUT ends in .svg or .pdf, for \
      people: time and frequency axes, colour bar and title around it, as PNG, SVG or PDF.
      """)

  @Argument(help: "A sound file, or a folder of them.")
  var clip: String

  @Argument(help: "The picture, .png (or with axes .svg or .pdf); for a folder, the folder of pictures.")
  var output: String

  @OptionGroup var features: FeatureOptions

  @Flag(help: "16-bit grey that decodes back to the feature values, instead of colour.")
  var gray16 = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Values of the first and the last colour, such as -60:0.", valueName: "low:high"))
  var range: String?

  @Flag(help: "Draw axes, colour bar and title around it.")
  var figure = false

  @OptionGroup(title: "Options for figures") var look: FigureLookOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var global: GlobalOptions

  /// Whether it has axes: documents always do.
  private var isFigure: Bool {
    figure
      || ["svg", "pdf"].contains(output.split(separator: ".").last.map { $0.lowercased() } ?? "")
        && output.contains(".")
  }

  func validate() throws {
    if isFigure && gray16 {
      throw ValidationError("--gray16 is for pixels without axes; leave out one of both")
    }
    if !isFigure, let option = look.named {
      throw ValidationError("\(option) is for figures; add --figure")
    }
  }

  func run() throws {
    let bounds = try range.map(Self.bounds)
    let request = isFigure ? try look.request() : nil
    try global.start().run { zoo, observer in
      try zoo.render(
        clip, to: output, features: try features.name(zoo), isGray16: gray16, range: bounds, figure: request,
        threads: threads.count, observer: observer, written: StandardStreams.result)
    }
  }

  /// Reads `LOW:HIGH`.
  private static func bounds(_ text: String) throws -> (low: Float, high: Float) {
    let numbers = text.split(separator: ":", omittingEmptySubsequences: false).map { Float($0) }
    guard numbers.count == 2, let low = numbers[0], let high = numbers[1], low.isFinite, high.isFinite,
      low < high
    else { throw ValidationError("--range '\(text)' is not LOW:HIGH, two numbers that rise, such as -60:0") }
    return (low, high)
  }
}
