/// A clip that could not be used, and why.
public struct SkippedClip: Sendable, Codable, Hashable {
  /// The clip's file.
  public let path: String
  /// Why it was set aside: one line.
  public let reason: String

  /// Makes an entry.
  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  /// Clip and reason in one line; most reasons name the clip already.
  var line: String { reason.hasPrefix(path) ? reason : "\(path): \(reason)" }
}
