import Synchronization

/// Counts the maps that a run has mapped: a process may only have so many mappings, and needs some for other things.
final class MappingCount: Sendable {
  private let count = Atomic<Int>(0)

  /// Half of what Linux allows a process, unless its administrator changed that.
  private static let most = 32_768

  /// Whether one more map may be mapped; otherwise it is read into memory.
  func mayMap() -> Bool { count.wrappingAdd(1, ordering: .relaxed).newValue <= Self.most }
}
