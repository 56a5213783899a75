import ArgumentParser
import MtagZoo

/// `dataset`: looking at clips and labels before training.
struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset", abstract: "Look at a data set before training on it.",
    subcommands: [DatasetInfoCommand.self, DatasetCheckCommand.self])
}

/// The data set that a `dataset` command looks at.
struct DatasetOptions: ParsableArguments {
  @Argument(help: "A folder per class, a manifest .csv or .jsonl, or starter.") var dataset: String
  @Option(help: "The column that holds the labels.") var label: String?
  @Flag(help: "Print one JSON object.") var json = false
}
