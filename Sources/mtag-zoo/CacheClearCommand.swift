import ArgumentParser
import MtagZoo

/// `cache clear`: makes room.
struct CacheClearCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clear",
    abstract: "Remove cached features, and say what that freed.",
    discussion: """
      Programs that are using them go on. Files in the folder that are not the cache's, and the starter set, stay.
      """)

  @Option(help: "Only those of this preset, name or hash; see `cache info`.") var features: String?
  @Option(help: "Only those that were not used for so long, such as 30d or 12h.") var olderThan: String?
  @Flag(help: "Print one JSON object.") var json = false

  func run() throws {
    let cleared = try Zoo().clearCache(
      features: features, unusedSeconds: try olderThan.map(DurationText.ageSeconds))
    if json {
      try StandardStreams.result(json: cleared)
    } else {
      let rest = cleared.abandonedFiles > 0 ? " and \(cleared.abandonedFiles) half-written files" : ""
      try StandardStreams.result(
        "removed \(cleared.maps) maps\(rest): \(ByteCount.text(cleared.bytes)) freed")
    }
    try cleared.requireComplete()
  }
}
