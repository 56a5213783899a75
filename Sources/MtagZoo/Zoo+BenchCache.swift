import Foundation
public import MtagCore
import MtagData
import MtagFeatures

/// Times of a clip's cached features, and how much memory a second that is.
public struct CacheBenchResult: Encodable, Hashable, Sendable {
  /// `ms per clip`
  public let unit: String
  /// Bytes of the clip's map in the cache.
  public let bytes: Int
  /// Bytes of its values as 32-bit floats.
  public let valueBytes: Int
  /// Recognising the sound file, opening its map and checking every byte of it.
  public let load: BenchTimes
  /// Bytes of the map a second while it is loaded, in GB/s (median).
  public let loadGBPerSecond: Double
  /// Reading all values as 32-bit floats.
  public let read: BenchTimes
  /// Bytes of 32-bit floats a second, in GB/s (median).
  public let readGBPerSecond: Double
  /// Mean and deviation of all values.
  public let standardization: BenchTimes
  /// Cutting and standardising one training crop of 256 frames.
  public let crop: BenchTimes

  enum CodingKeys: String, CodingKey {
    case unit, bytes, load, read, standardization, crop
    case valueBytes = "value_bytes"
    case loadGBPerSecond = "load_gb_per_second"
    case readGBPerSecond = "read_gb_per_second"
  }
}

extension Zoo {
  private static let benchCropFrames = 256
  /// How often a measurement does the same: one time alone is too short for the clock.
  private static let benchClips = 100

  /// Times what training does with a clip's cached features, on one thread, in a cache of its own that is removed at the end.
  /// - Throws: `MtagError` if the clip cannot be read or no temporary folder be made.
  public func benchCache(
    _ path: String, features: String, repeats: Int, observer: Observer = .silent
  ) throws -> CacheBenchResult {
    try BenchOptions.check(threads: 1, repeats: repeats)
    let extractor = try extractor(named: features)
    let folder = FileManager.default.temporaryDirectory.path + "/mtag-bench-\(UInt64.random(in: 0 ... .max))"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let dataset = Dataset(
      name: path, labels: ["x"], isMultiLabel: false,
      tracks: Array(repeating: Track(path: path, id: path, labels: [0]), count: Self.benchClips))
    func load() throws -> FeatureSet {
      try FeatureSet.compute(
        dataset, indices: Array(dataset.tracks.indices), extractor: extractor, cacheFolder: folder,
        threads: 1,
        observer: Observer(isCancelled: observer.isCancelled))
    }
    let set = try load()
    guard let map = set.maps.first ?? nil else {
      throw MtagError(.badData, "\(path) has no features")
    }
    func measure(_ body: () throws -> Void) throws -> BenchTimes {
      try BenchTimes(repeats: repeats, warmUp: 2, body).divided(by: Double(Self.benchClips))
    }
    var values = [Float](repeating: 0, count: map.count)
    var crop = [Float](repeating: 0, count: map.bands * Self.benchCropFrames * map.channels)
    let load = try measure { _ = try load() }
    let read = try measure {
      for _ in 0..<Self.benchClips {
        values.withUnsafeMutableBufferPointer { map.read(0..<map.count, into: $0) }
      }
    }
    let standardization = try measure { _ = set.standardization(indices: Array(dataset.tracks.indices)) }
    let cut = try measure {
      for clip in 0..<Self.benchClips {
        crop.withUnsafeMutableBufferPointer {
          Chunks.cut(map, start: clip, frames: Self.benchCropFrames, mean: -30, deviation: 15, into: $0)
        }
      }
    }
    let (bytes, valueBytes) = (map.storage.byteCount, 4 * map.count)
    return CacheBenchResult(
      unit: "ms per clip", bytes: bytes, valueBytes: valueBytes, load: load,
      loadGBPerSecond: Double(bytes) / load.median * 1e-6, read: read,
      readGBPerSecond: Double(valueBytes) / read.median * 1e-6, standardization: standardization, crop: cut)
  }
}
