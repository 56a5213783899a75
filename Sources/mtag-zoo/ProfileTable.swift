import MtagZoo

/// Where the time of a step goes, as text.
enum ProfileTable {
  static func lines(_ profile: BenchProfile) -> [String] {
    var table = TextTable([
      "STEP", "PASS", "MS", "SHARE", "GFLOP/S", "OF PEAK", "DONE", "MB", "GB/S", "LEAST MS", "LIMIT",
    ])
    for row in profile.rows {
      table.add(
        [row.name, row.pass, number(row.milliseconds, 3), percent(row.share)]
          + [
            row.gigaflops.map { number($0, 0) }, row.shareOfPeak.map(percent),
            row.doneShareOfPeak.map(percent),
          ]
          .map { $0 ?? "" }
          + (row.megabytes > 0
            ? [
              number(row.megabytes, 1), number(row.gigabytesPerSecond, 1), number(row.leastMilliseconds, 3),
              row.limit,
            ] : []))
    }
    return table.lines(leftColumns: [0, 1, 10]) + [""] + definitions + [
      machine(profile.peak), closing(profile),
    ]
  }

  private static let definitions = [
    "GFLOP/s: two operations for each multiply-accumulate of the direct form, so Winograd may exceed the peak",
    "done: what of the peak its own products make, transforms left out; MB: every value read or written, once",
    "least: those products at the peak or those bytes at memory's speed, whichever takes longer",
  ]

  private static func machine(_ peak: BenchProfile.Peak) -> String {
    let (threads, one) = (peak.threads, number(peak.gigaflops / Double(peak.threads), 0))
    return
      "peak: \(number(peak.gigaflops, 0)) GFLOP/s (\(threads) × \(one), the \(peak.kernels) kernels' own "
      + "\(peak.tile.map(String.init).joined(separator: "×")) register tile on \(threads) "
      + "\(threads == 1 ? "thread" : "threads") at once); memory: \(number(peak.gigabytesPerSecond, 1)) GB/s (copying)"
  }

  /// What limits the step.
  private static func closing(_ profile: BenchProfile) -> String {
    let (arithmetic, memory) = (profile.arithmeticMilliseconds, profile.memoryMilliseconds)
    let least = arithmetic + memory
    var text =
      "\(number(profile.milliseconds, 2)) ms, and \(number(least, 2)) ms with every step at the machine's limit "
    text +=
      "(\(percent(least / max(profile.milliseconds, 1e-9)))): \(number(arithmetic, 2)) ms by arithmetic, "
    text += "\(number(memory, 2)) ms by memory"
    func excess(_ row: BenchProfile.Row) -> Double { row.milliseconds - row.leastMilliseconds }
    guard let worst = profile.rows.max(by: { excess($0) < excess($1) }) else { return text }
    let pass = worst.pass.isEmpty ? "" : " \(worst.pass)"
    return text + "; furthest above: \(worst.name)\(pass), by \(number(excess(worst), 2)) ms"
  }

  private static func number(_ value: Double, _ digits: Int) -> String {
    String(rounding: value, digits: digits)
  }

  private static func percent(_ share: Double) -> String { number(100 * share, 1) + " %" }
}
