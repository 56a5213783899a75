import MtagCore
public import MtagData
import MtagFeatures

extension Zoo {
  /// What is in the cache folder.
  /// - Throws: `MtagError` (inputMissing) if it is no folder or cannot be read.
  public func cacheSummary() throws -> CacheSummary {
    try CacheSummary(cacheFolder: cacheFolder, limit: cacheLimit)
  }

  /// Removes cached features.
  /// - Parameters:
  ///   - features: a feature preset, a name or the beginning of a hash that `cacheSummary` shows; nil for all.
  ///   - unusedSeconds: only maps that were not used for so long.
  /// - Throws: `MtagError`: usage if there are no such features; inputMissing if the cache folder is none or cannot be read.
  public func clearCache(features: String? = nil, unusedSeconds: Double? = nil) throws -> CacheClearing {
    try CacheClearing.clear(
      cacheFolder: cacheFolder, specHashes: try features.map(cachedSpecs), unusedSeconds: unusedSeconds)
  }

  /// The hashes of the specs that a name or the beginning of a hash means.
  private func cachedSpecs(_ text: String) throws -> Set<String> {
    let specs = CacheClearing.specs(cacheFolder: cacheFolder)
    var hashes = Set(specs.filter { $0.name == text }.map(\.sha256))
    if let spec = try? featureSpec(named: text) { hashes.insert(try spec.sha256()) }
    if hashes.isEmpty, text.count >= Self.leastHashDigits {
      let matching = specs.map(\.sha256).filter { $0.hasPrefix(text.lowercased()) }
      guard matching.count <= 1 else {
        throw MtagError(
          .usage, "features '\(text)' are the beginning of \(matching.count) hashes; give more digits")
      }
      hashes = Set(matching)
    }
    guard !hashes.isEmpty else {
      let names = Set(specs.compactMap(\.name)).union(features.names).sorted()
      throw MtagError(
        .usage,
        "there are no cached features '\(text)'; \(suggestion(for: text, among: names)); see mtag-zoo cache info"
      )
    }
    return hashes
  }

  private static let leastHashDigits = 6
}
