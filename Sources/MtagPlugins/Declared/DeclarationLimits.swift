/// The largest sizes a declared model may have. They are far above any network for music, and low enough that no file costs
/// more than a moment.
enum DeclarationLimits {
  /// UTF-8 bytes of a file.
  static let bytes = 1 << 18
  /// Lists and mappings inside each other.
  static let depth = 32
  /// Repetitions of a group.
  static let repetitions = 1 << 10
  /// Layers that are looked at while the network is written, those that `if` leaves out among them.
  static let steps = 1 << 15
  /// UTF-8 bytes of a name of a layer or setting.
  static let nameBytes = 64
  /// UTF-8 bytes of a summary, a source or an expression.
  static let textBytes = 1 << 10
  /// Elements of a list of values.
  static let elements = 1 << 12
}
