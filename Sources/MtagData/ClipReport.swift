import Foundation
import MtagAudio
import MtagCore

/// What one clip's sound is like.
struct ClipReport: Sendable {
  /// The file's own sampling rate.
  let sampleRateHz: Int
  let channels: Int
  let durationSeconds: Double
  /// The largest absolute sample of the mono mix.
  let peak: Float
  /// The share of samples that stand in runs of three or more at full scale.
  let clippedShare: Double
  let contentHash: String
  /// What was odd but not fatal, one line each, without the file's name.
  let warnings: [String]

  /// From this level on a sample counts as full scale.
  private static let fullScale: Float = 0.999

  /// Decodes a whole file, block by block.
  /// - Throws: `MtagError` naming file and reason.
  init(path: String) throws {
    contentHash = try ContentHash.hex(ofFile: path)
    let reader = try AudioReader(path: path, sampleRateHz: nil)
    var (count, clipped, run) = (0, 0, 0)
    var peak: Float = 0
    while true {
      let block = try reader.nextBlock()
      if block.isEmpty { break }
      count += block.count
      for sample in block {
        let level = abs(sample)
        peak = max(peak, level)
        run = level >= Self.fullScale ? run + 1 : 0
        // The third of a run brings the two before it.
        clipped += run == 3 ? 3 : run > 3 ? 1 : 0
      }
    }
    guard count > 0 else { throw MtagError(.badData, "\(path) holds no samples") }
    sampleRateHz = reader.info.sampleRateHz
    channels = reader.info.channels
    durationSeconds = Double(count) / Double(reader.info.sampleRateHz)
    self.peak = peak
    clippedShare = Double(clipped) / Double(count)
    warnings = reader.warnings.map { $0.dropping(prefix: "\(path): ") }
  }
}
