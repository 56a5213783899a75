/// A mark on an axis.
package struct Tick: Sendable, Hashable {
  /// Where it stands: 0 is the axis's lower or left end, 1 the other.
  package let share: Double
  /// What it says.
  package let text: String
}
