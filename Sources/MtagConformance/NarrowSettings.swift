import MtagTraining

/// Settings of an architecture with its widths divided: a network that hangs together in the same way, with few weights.
enum NarrowSettings {
  /// Sizes from here on are taken for widths.
  private static let leastWidth = 32
  private static let divisor = 8

  /// The fields to change. Lengths along time and frequency, and settings of a front-end, stay.
  static func overrides(of defaults: [String: JSONValue]) -> [String: JSONValue] {
    defaults.filter { name, _ in
      !["frames", "lengths", "hz", "patch"].contains { name.lowercased().contains($0) }
    }.compactMapValues(narrowed)
  }

  private static func narrowed(_ value: JSONValue) -> JSONValue? {
    switch value {
    case .integer(let number): number >= leastWidth ? .integer(number / divisor) : nil
    case .array(let values): .array(values.map { narrowed($0) ?? $0 })
    default: nil
    }
  }
}
