import MtagGraph

/// The plans of the last few batch shapes, so that a rest at an epoch's end or clips of a few lengths cost no recompiling.
struct PlanCache {
  private struct Key: Hashable {
    let batch: Int
    let frames: Int
  }

  private var entries: [(key: Key, plan: Plan)] = []

  /// Plans hold the network's whole memory, so few are kept.
  private static let capacity = 3

  mutating func plan(batch: Int, frames: Int, _ compile: () throws -> Plan) rethrows -> Plan {
    let key = Key(batch: batch, frames: frames)
    if let index = entries.firstIndex(where: { $0.key == key }) {
      let entry = entries.remove(at: index)
      entries.append(entry)
      return entry.plan
    }
    // The oldest plan's memory goes before the new plan's comes.
    if entries.count == Self.capacity { entries.removeFirst() }
    let plan = try compile()
    entries.append((key, plan))
    return plan
  }
}
