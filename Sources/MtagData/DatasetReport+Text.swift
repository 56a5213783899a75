import MtagCore

extension DatasetReport {
  /// The report as lines for people; long lists are cut.
  public var textLines: [String] {
    var lines = [
      "\(name): \(clips) clips, \(labels.count) labels, \(isMultiLabel ? "any number" : "one") per clip"
    ]
    lines.append("  labels      " + Self.text(labels))
    if unlabelled > 0 { lines.append("  unlabelled  \(unlabelled)") }
    if !splits.isEmpty { lines.append("  splits      " + Self.text(splits)) }
    if groups > 0 { lines.append("  groups      \(groups)") }
    if totalSeconds > 0 {
      lines.append(
        "  durations   \(Self.seconds(shortestSeconds)) to \(Self.seconds(longestSeconds)) s, median "
          + "\(Self.seconds(medianSeconds)) s, \(Self.seconds(totalSeconds / 60)) min in all")
      lines.append("  rates       " + Self.text(rates))
      lines.append("  channels    " + Self.text(channels))
    }
    lines += warnings.map { "  note        \($0)" }
    lines += faults
    if faults.isEmpty { lines.append("  no faults found") }
    return lines
  }

  /// What is wrong, a line each; empty if nothing was found.
  public var faults: [String] {
    var lines: [String] = []
    func list(_ name: String, _ values: [String]) {
      guard !values.isEmpty else { return }
      lines.append("  \(name): \(values.count)")
      lines += values.prefix(Self.listed).map { "    \($0)" }
      if values.count > Self.listed { lines.append("    and \(values.count - Self.listed) more") }
    }
    list("unreadable", unreadable.map(\.line))
    list("odd", odd.map(\.line))
    list("silent", silent)
    list("clipped", clipped)
    list("too short", tooShort)
    list(
      "exact duplicates",
      duplicates.map { same in
        same.ids.joined(separator: " = ") + (same.crossesSplits ? "; in different splits" : "")
          + (same.hasDifferentLabels ? "; with different labels" : "")
      })
    list("groups in more than one split", groupsCrossingSplits)
    return lines
  }

  private static let listed = 10

  private static func text(_ counts: [Count]) -> String {
    counts.map { "\($0.name) \($0.clips)" }.joined(separator: ", ")
  }

  /// A number with one decimal.
  private static func seconds(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
