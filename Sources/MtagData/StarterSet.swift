public import MtagCore

/// The embedded dataset.
public enum StarterSet {
  /// The seed of the set that `train` takes when no dataset is named.
  public static let defaultSeed: UInt64 = 1

  /// Opens the set, synthesising it into the cache folder first if it is not there.
  /// - Parameter label: `style` (one of ten a clip), `instruments` (several a clip) or nil for `style`.
  public static func dataset(
    cacheFolder: String, seed: UInt64 = defaultSeed, label: String? = nil, observer: Observer = .silent
  ) throws -> Dataset {
    throw MtagError(.internalFault, "StarterSet.dataset is not written yet")
  }
}
