import MtagCore

/// How large the feature maps in a cache folder may be together.
public enum CacheLimit: Sendable, Hashable {
  /// 10 GB, or half of what is free on the disk and taken by the maps, if that is less.
  case automatic
  /// So many bytes; 0 keeps none.
  case bytes(Int)

  /// The largest automatic limit.
  public static let automaticBytes = 10_000_000_000

  /// Reads a limit that someone typed.
  /// - Parameter source: where it was typed, for the error: `--cache-limit`.
  /// - Throws: `MtagError` (usage).
  public init(parsing text: String, source: String) throws {
    guard let bytes = ByteCount.parse(text) else {
      throw MtagError(.usage, "\(source) '\(text)' must look like 20GB, 500MB, 2GiB or 0")
    }
    self = .bytes(bytes)
  }

  /// The limit in bytes for a folder whose maps take `used` bytes now.
  package func bytes(folder: String, used: Int) -> Int {
    switch self {
    case .bytes(let bytes): bytes
    case .automatic: min(Self.automaticBytes, (DiskSpace.freeBytes(folder).map { $0 + used } ?? .max) / 2)
    }
  }
}
