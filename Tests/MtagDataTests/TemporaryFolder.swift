import Foundation
import MtagCore
import MtagData

/// A folder that goes when its owner goes.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory.path + "/mtag-data-tests-\(UInt64.random(in: 0...UInt64.max))"
    try AtomicFile.makeFolder(path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes text and returns the file's path; folders on the way are made.
  @discardableResult
  func write(_ text: String, _ name: String) throws -> String { try write(Data(text.utf8), name) }

  @discardableResult
  func write(_ data: Data, _ name: String) throws -> String {
    let file = path + "/" + name
    try AtomicFile.makeFolder((file as NSString).deletingLastPathComponent)
    try AtomicFile.write(data, to: file)
    return file
  }

  /// Writes a short sound, a different one for every `seed`.
  @discardableResult
  func writeSound(_ name: String, seconds: Double = 0.1, seed: Int = 1, level: Float = 0.5) throws -> String {
    let rate = 8000
    let samples = (0..<Int(seconds * Double(rate))).map { level * Float(sin(Double($0 * seed) * 0.11)) }
    return try write(WAVFile.data(samples: samples, sampleRateHz: rate), name)
  }
}

extension Dataset {
  /// The names of a track's labels, by its id.
  func labelNames(_ id: String) -> [String]? {
    tracks.first { $0.id == id }.map { $0.labels.map { labels[$0] } }
  }
}

/// The message of the error that a call throws.
func message(_ body: () throws -> some Any) -> String {
  do {
    _ = try body()
    return "nothing was thrown"
  } catch {
    return "\(error)"
  }
}
