/// A sound of the starter set.
enum Voice: String, CaseIterable, Sendable {
  case plucked
  case bowed
  case organ
  case bell
  case bass
  case drum
  case pad
}

/// One sounding note.
struct Note: Sendable {
  let voice: Voice
  /// Pitch, 69 being 440 Hz; for drums which drum it is.
  let key: Double
  let startSeconds: Double
  let durationSeconds: Double
  /// 0 to 1.
  let velocity: Float
}

/// The drums by their keys.
enum DrumKey {
  static let kick = 36.0
  static let snare = 38.0
  static let hat = 42.0
}
