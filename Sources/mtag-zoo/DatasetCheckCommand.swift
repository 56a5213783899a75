import ArgumentParser
import MtagZoo

/// `dataset check`: what is in a data set, and what is wrong with it.
struct DatasetCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract:
      "Read every clip of a data set: unreadable, silent, clipped, short and duplicate ones are named.")

  @OptionGroup var options: DatasetOptions
  @Option(help: "The column that must not cross splits (default: group).") var group: String?
  @Option(help: "Clips shorter than this many seconds are listed.") var minimumSeconds = 1.0
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let report = try global.start().run { zoo, observer in
      try zoo.checkDataset(
        options.dataset, label: options.label, groupColumn: group, minimumSeconds: minimumSeconds,
        threads: threads.count, observer: observer)
    }
    if options.json {
      try StandardStreams.result(json: report, namesFields: true)
    } else {
      for line in report.textLines { try StandardStreams.result(line) }
    }
    if !report.unreadable.isEmpty {
      let count = "\(report.unreadable.count) of \(report.clips) clips"
      throw MtagError(.badData, "\(count) cannot be read; training sets them aside")
    }
  }
}
