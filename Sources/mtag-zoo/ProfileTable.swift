import MtagZoo

/// Where the time of a step goes, as text.
enum ProfileTable {
  static func lines(_ profile: BenchProfile) -> [String] {
    var table = TextTable([
      "STEP", "PASS", "MS", "SHARE", "GFLOP/S", "OF PEAK", "DONE", "MB", "GB/S", "OF MEMORY", "LIMIT",
    ])
    for row in profile.rows {
      table.add([
        row.name, row.pass, number(row.milliseconds, 3), percent(row.share),
        row.gigaflops.map { number($0, 0) } ?? "", row.shareOfPeak.map(percent) ?? "",
        row.doneShareOfPeak.map(percent) ?? "",
        row.megabytes > 0 ? number(row.megabytes, 1) : "",
        row.megabytes > 0 ? number(row.gigabytesPerSecond, 1) : "",
        row.megabytes > 0 ? percent(row.shareOfMemory) : "", row.limit == "neither" ? "" : row.limit,
      ])
    }
    return table.lines(leftColumns: [0, 1, 10]) + ["", machine(profile.peak), definitions, closing(profile)]
  }

  private static let definitions =
    "GFLOP/s: two operations for each multiply-accumulate of the direct form, so Winograd may exceed the peak; DONE: "
    + "what of the peak its own products make, transforms left out; MB: every value read or written counted once"

  private static func machine(_ peak: BenchProfile.Peak) -> String {
    let (threads, one) = (peak.threads, number(peak.gigaflops / Double(peak.threads), 0))
    return
      "peak: \(number(peak.gigaflops, 0)) GFLOP/s (\(threads) × \(one), the \(peak.kernels) kernels' own "
      + "\(peak.tile.map(String.init).joined(separator: "×")) register tile on \(threads) "
      + "\(threads == 1 ? "thread" : "threads") at once); memory: \(number(peak.gigabytesPerSecond, 1)) GB/s (copying)"
  }

  /// What limits the step.
  private static func closing(_ profile: BenchProfile) -> String {
    func share(_ limit: String) -> String { percent(profile.limits[limit] ?? 0) }
    var text =
      "\(number(profile.milliseconds, 2)) ms: \(share("arithmetic")) limited by arithmetic (half of the peak or "
    text +=
      "more), \(share("memory")) by memory (half of its speed or more), \(share("neither")) by neither (transforms, "
    text += "caches, threads that wait)"
    guard let largest = profile.rows.max(by: { $0.milliseconds < $1.milliseconds }) else { return text }
    let pass = largest.pass.isEmpty ? "" : ", \(largest.pass)"
    return text + "; the longest: \(largest.name)\(pass), \(percent(largest.share))"
  }

  private static func number(_ value: Double, _ digits: Int) -> String {
    String(rounding: value, digits: digits)
  }

  private static func percent(_ share: Double) -> String { number(100 * share, 1) + " %" }
}
