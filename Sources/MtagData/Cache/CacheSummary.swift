import Foundation
import MtagCore

/// What is in a cache folder.
public struct CacheSummary: Encodable, Sendable {
  /// The maps of one feature spec.
  public struct Feature: Encodable, Sendable {
    /// The name of the spec that first made a folder here; nil if that is not known.
    public let name: String?
    /// The spec's hash.
    public let sha256: String
    /// How many maps there are.
    public let maps: Int
    /// Bytes that they take.
    public let bytes: Int
    /// Maps with 16 bits a value.
    public let half: Int
    /// Maps with 32 bits a value.
    public let full: Int
    /// Files that are no maps of this version; they are written anew when they are wanted.
    public let other: Int
    /// When the map was used that was not used for the longest time (ISO 8601, UTC); nil without maps.
    public let oldestUse: String?
    /// When a map was last used.
    public let newestUse: String?
  }

  /// The cache folder.
  public let folder: String
  /// How many bytes all maps may take.
  public let limitBytes: Int
  /// Whether that limit is the automatic one.
  public let limitIsAutomatic: Bool
  /// Bytes that all maps take.
  public let bytes: Int
  /// How many maps there are.
  public let maps: Int
  /// Bytes that are free on the disk; nil if the system does not say.
  public let freeBytes: Int?
  /// The maps by spec, the largest first.
  public let features: [Feature]
  /// Bytes of the index that recognises sound files; they do not count towards the limit.
  public let indexBytes: Int
  /// Bytes of the synthesised starter set; they do not count towards the limit.
  public let starterBytes: Int
  /// Half-written files of programs that were killed; `cache clear` removes them.
  public let abandonedFiles: Int

  /// Looks at a cache folder; one that is not there is empty.
  /// - Throws: `MtagError` (inputMissing) if it is no folder or cannot be read.
  public init(cacheFolder: String, limit: CacheLimit) throws {
    try CacheClearing.requireFolder(cacheFolder)
    let contents = CacheContents(folder: cacheFolder.appendingPathComponent(FeatureCache.folderName))
    let bySpec = Dictionary(grouping: contents.maps, by: \.specHash)
    folder = cacheFolder
    bytes = contents.bytes
    maps = contents.maps.count
    limitBytes = limit.bytes(folder: cacheFolder, used: contents.bytes)
    limitIsAutomatic = limit == .automatic
    freeBytes = DiskSpace.freeBytes(cacheFolder)
    features = contents.specHashes.map { Self.feature($0, maps: bySpec[$0] ?? [], contents) }
      .sorted { ($1.bytes, $0.sha256) < ($0.bytes, $1.sha256) }
    indexBytes = Self.bytes(under: cacheFolder.appendingPathComponent(ContentIndex.folderName))
    starterBytes = Self.bytes(under: cacheFolder.appendingPathComponent(StarterSet.folderName))
    abandonedFiles = contents.abandoned.count
  }

  enum CodingKeys: String, CodingKey {
    case folder, bytes, maps, features
    case limitBytes = "limit_bytes"
    case limitIsAutomatic = "limit_is_automatic"
    case freeBytes = "free_bytes"
    case indexBytes = "index_bytes"
    case starterBytes = "starter_bytes"
    case abandonedFiles = "abandoned_files"
  }

  private static func feature(_ hash: String, maps: [CacheContents.MapFile], _ contents: CacheContents)
    -> Feature
  {
    var counts: [FeatureMapFile.Kind?: Int] = [:]
    for map in maps { counts[FeatureMapFile.Kind(ofFile: contents.path(map)), default: 0] += 1 }
    let uses = maps.map(\.lastUsedNanoseconds)
    return Feature(
      name: contents.specName(hash), sha256: hash, maps: maps.count, bytes: maps.reduce(0) { $0 + $1.bytes },
      half: counts[.half] ?? 0, full: counts[.full] ?? 0, other: counts[nil] ?? 0,
      oldestUse: uses.min().map(date),
      newestUse: uses.max().map(date))
  }

  private static func date(nanoseconds: Int) -> String {
    Date(timeIntervalSince1970: Double(nanoseconds / 1_000_000_000)).ISO8601Format()
  }

  private static func bytes(under folder: String) -> Int {
    var bytes = 0
    for name in CacheContents.names(in: folder) {
      let path = folder.appendingPathComponent(name)
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFREG: bytes += Int(status.st_size)
      case S_IFDIR: bytes += Self.bytes(under: path)
      default: break
      }
    }
    return bytes
  }
}

extension CacheSummary.Feature {
  enum CodingKeys: String, CodingKey {
    case name, sha256, maps, bytes, half, full, other
    case oldestUse = "oldest_use"
    case newestUse = "newest_use"
  }
}
