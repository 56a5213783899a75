import ArgumentParser

/// `features`: what can be said about front-ends.
struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features", abstract: "Compare front-ends.", subcommands: [FeaturesDiffCommand.self])
}
