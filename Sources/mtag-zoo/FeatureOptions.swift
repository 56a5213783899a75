import ArgumentParser
import MtagZoo

/// `--features` and `--set`, where features stand alone.
struct FeatureOptions: ParsableArguments {
  @Option(help: "The feature preset, such as panns or panns(bands=128); see `list features`.")
  var features = "melspec"

  @Option(
    name: .customLong("set"),
    help: "A field of the features, such as bands=96; may be repeated. `info FEATURE` shows the fields.")
  var settings: [String] = []

  /// The name of the features with all changes in it.
  func name(_ zoo: Zoo) throws -> String { try zoo.featureName(features, settings: settings) }
}
