import ArgumentParser
import MtagZoo

/// `list`: what the zoo has.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List models, features and data sets, with their honest costs.")

  @Argument(
    help:
      "models, features or datasets, then names with wildcards such as 'cnn*' or a model's .yaml file; everything if left out."
  )
  var patterns: [String] = []

  @Option(help: "Leave out names that match this pattern; may be repeated.")
  var exclude: [String] = []

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var global: GlobalOptions

  func run() throws {
    let kind = patterns.first.flatMap(ListingKind.init(rawValue:))
    let listing = try Zoo().listing(
      kind.map { [$0] } ?? ListingKind.allCases, patterns: Array(patterns.dropFirst(kind == nil ? 0 : 1)),
      excluding: exclude)
    if json { return try StandardStreams.result(json: listing) }
    for line in Self.text(listing, isVerbose: global.verbose) { try StandardStreams.result(line) }
  }

  private static func text(_ listing: Listing, isVerbose: Bool) -> [String] {
    var blocks: [[String]] = []
    if let models = listing.models, !models.isEmpty {
      blocks.append(modelLines(models, isVerbose: isVerbose))
    }
    if let features = listing.features, !features.isEmpty {
      var table = TextTable(["FEATURE", "BANDS", "CHANNELS", "RATE", "WINDOW/HOP", "MACS", "SUMMARY"])
      for row in features {
        table.add([
          ([row.name] + row.aliases).joined(separator: ", "), "\(row.bands)", "\(row.channels)",
          "\(row.sampleRateHz) Hz",
          "\(row.windowLength.map(String.init) ?? "–")/\(row.hopLength.map(String.init) ?? "–")",
          row.macs.inMetricUnits,
          row.summary,
        ])
      }
      blocks.append(table.lines(leftColumns: [0, 6]))
    }
    if let datasets = listing.datasets, !datasets.isEmpty {
      var table = TextTable(["DATA SET", "SUMMARY"])
      for row in datasets { table.add([row.name, row.summary]) }
      blocks.append(table.lines(leftColumns: [0, 1]))
    }
    return Array(blocks.joined(separator: [""]))
  }

  private static func modelLines(_ models: [Listing.ModelRow], isVerbose: Bool) -> [String] {
    var table = TextTable(
      ["MODEL", "PARAMETERS", "MACS", "+FEATURES", "INPUT", "SHORTEST", "SEES", "FEATURES"]
        + (isVerbose ? ["SUMMARY"] : []))
    for row in models {
      let field =
        row.receptiveFieldFrames.map { "\($0) fr" } ?? ""
      let seconds = row.receptiveFieldSeconds.map(ArchitectureText.seconds) ?? "all"
      table.add(
        [
          row.name, row.parameters.inMetricUnits, row.macs.inMetricUnits, row.frontEndMACs.inMetricUnits,
          ArchitectureText.seconds(row.inputSeconds), ArchitectureText.shortest(row),
          [field, seconds].filter { !$0.isEmpty }.joined(separator: ", "), shortName(row.features),
        ] + (isVerbose ? [row.summary] : []))
    }
    return table.lines(leftColumns: [0, 7, 8]) + [
      "(multiply-accumulates of one INPUT, the network's and its features' apart; SHORTEST clip; SEES: receptive field;",
      " 10 labels; --verbose adds a line on each, info NAME tells all)",
    ]
  }

  /// Features with many changes by their preset alone; `info` names them all.
  private static func shortName(_ features: String) -> String {
    guard features.count > 20 else { return features }
    let preset = features.prefix { $0 != "(" }
    return "\(preset)(…)"
  }
}
