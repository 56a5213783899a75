import ArgumentParser
import MtagZoo

/// `dataset check`: whether every clip can be read.
struct DatasetCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Decode every clip of a data set and name those that cannot be read.")

  /// The JSON of a check.
  private struct Report: Encodable {
    let clips: Int
    let skipped: [SkippedClip]
  }

  @OptionGroup var options: DatasetOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let report = try global.start().run { zoo, observer in
      let dataset = try zoo.dataset(options.dataset, label: options.label, observer: observer)
      return Report(
        clips: dataset.tracks.count,
        skipped: try zoo.checkDataset(dataset, threads: threads.count, observer: observer))
    }
    if options.json {
      try StandardStreams.result(json: report)
    } else {
      for clip in report.skipped { try StandardStreams.result("\(clip.path): \(clip.reason)") }
      try StandardStreams.result(
        "\(report.clips - report.skipped.count) of \(report.clips) clips can be read")
    }
    if !report.skipped.isEmpty {
      throw MtagError(
        .badData, "\(report.skipped.count) of \(report.clips) clips cannot be read; training sets them aside")
    }
  }
}
