import Foundation
import MtagCore
import MtagData
import MtagTestSupport

extension TemporaryFolder {
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
