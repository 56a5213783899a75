import ArgumentParser
import MtagZoo

/// `dataset info`: labels, clips and columns.
struct DatasetInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show a data set's labels, clips and columns, and how a split would cut it.")

  @OptionGroup var options: DatasetOptions
  @Option(help: "The split to show (default: what suits the data set).") var split: String?
  @Option(help: "The seed of a random split.") var seed: UInt64 = 0
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let summary = try global.start().run { zoo, observer in
      try zoo.datasetSummary(
        options.dataset, label: options.label, split: split, seed: seed, observer: observer)
    }
    if options.json { return try StandardStreams.result(json: summary) }
    try StandardStreams.result(
      "\(summary.name): \(summary.clips) clips, \(summary.multiLabel ? "several labels" : "one label") a clip"
        + (summary.columns.isEmpty ? "" : "; columns: \(summary.columns.joined(separator: ", "))"))
    var table = TextTable(["LABEL", "TRAIN", "VALID", "TEST", "ALL"])
    for label in summary.labels {
      table.add([label.name] + [label.train, label.valid, label.test, label.all].map(String.init))
    }
    for line in table.lines() { try StandardStreams.result(line) }
    let sizes = summary.split
    try StandardStreams.result(
      "split \(sizes.name): \(sizes.train) train, \(sizes.valid) valid, \(sizes.test) test; sha256 \(sizes.sha256)"
    )
  }
}
