import ArgumentParser
import MtagZoo

/// `features diff`: what each difference between two front-ends is worth.
struct FeaturesDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract:
      "Walk from features A to features B one field at a time; show what each step is worth on a clip, in dB.",
    discussion: """
      RMS is taken over all bands and frames; MEAN is the part that is a plain gain, SHAPE what is left without it. Values of \
      other laws than dB are converted, so that a spec's own mean and deviation count for nothing. Steps are made in the order \
      of the work, rate first, and shown largest first; a line that begins with + changes together with the one above.
      """)

  @Argument(help: "The features to start from, such as librosa or melspec(bands=96).") var first: String
  @Argument(help: "The features to arrive at.") var second: String
  @Argument(help: "A sound file.") var clip: String
  @Flag(help: "Print one JSON object.") var json = false
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let difference = try global.start().run { zoo, observer in
      try zoo.featureDifference(first, second, clip: clip, observer: observer)
    }
    if json { return try StandardStreams.result(json: difference) }
    var table = TextTable(["FIELD", "FROM", "TO", "RMS", "MEAN", "SHAPE", "LARGEST"])
    for step in difference.steps {
      let values = Self.columns(step.distance)
      for (index, field) in step.fields.enumerated() {
        let numbers = index == 0 ? values : values.map { _ in "" }
        table.add([(index == 0 ? "" : "+ ") + field.name, field.from, field.to] + numbers)
      }
    }
    table.add(["all together", difference.first, difference.second] + Self.columns(difference.total))
    for line in table.lines(leftColumns: [0, 1, 2]) { try StandardStreams.result(line) }
  }

  private static func columns(_ distance: MapDistance) -> [String] {
    [distance.rmsDB, distance.meanDB, distance.shapeDB, distance.largestDB].map {
      "\(String(rounding: $0, digits: 2)) dB"
    }
  }
}
