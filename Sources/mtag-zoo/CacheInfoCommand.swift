import ArgumentParser
import MtagZoo

/// `cache info`: what is kept, and how much room it takes.
struct CacheInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show the cache folder, its limit, and what is in it.")

  @Flag(help: "Print one JSON object.") var json = false
  @OptionGroup var cache: CacheOptions

  func run() throws {
    let summary = try Zoo(cacheLimit: try cache.limit).cacheSummary()
    if json { return try StandardStreams.result(json: summary) }
    for line in Self.text(summary) { try StandardStreams.result(line) }
  }

  private static func text(_ summary: CacheSummary) -> [String] {
    var lines = ["folder: \(summary.folder)"]
    let rule =
      summary.limitIsAutomatic ? " (10 GB, or half of what is free; --cache-limit sets another)" : ""
    lines.append(
      "features: \(summary.maps) map\(summary.maps == 1 ? "" : "s"), \(ByteCount.text(summary.bytes)) of at most "
        + "\(ByteCount.text(summary.limitBytes))\(rule)")
    if let free = summary.freeBytes { lines.append("free on the disk: \(ByteCount.text(free))") }
    lines.append("index of sound files: \(ByteCount.text(summary.indexBytes))")
    lines.append("starter set: \(ByteCount.text(summary.starterBytes))")
    if summary.abandonedFiles > 0 {
      lines.append("half-written files of killed programs: \(summary.abandonedFiles)")
    }
    guard !summary.features.isEmpty else { return lines }
    var table = TextTable(["FEATURE", "SHA-256", "MAPS", "SIZE", "HALF", "FULL", "OTHER", "OLDEST USE"])
    for row in summary.features {
      table.add([
        row.name ?? "?", String(row.sha256.prefix(12)), "\(row.maps)", ByteCount.text(row.bytes),
        "\(row.half)",
        "\(row.full)", "\(row.other)", row.oldestUse ?? "",
      ])
    }
    return lines + [""] + table.lines(leftColumns: [0, 1])
  }
}
