import MtagAudio
public import MtagCore
public import MtagFeatures

/// The feature map of one sound file, with what is worth knowing about the file.
public struct ClipFeatures: Sendable {
  /// The features, `[bands, frames]`.
  public let map: FeatureMap
  /// Length of what was decoded, in seconds.
  public let seconds: Double
  /// What was odd but not fatal, such as a truncated end.
  public let warnings: [String]

  /// Decodes a file in blocks and computes its features; the sound is never in memory as a whole.
  /// - Throws: `MtagError` naming the file and the reason.
  public static func load(_ path: String, extractor: any FeatureExtractor) throws -> ClipFeatures {
    let rate = extractor.spec.sampleRateHz
    let reader = try AudioReader(path: path, sampleRateHz: rate)
    let stream = try extractor.makeStream()
    var samples = 0
    while true {
      let block = try reader.nextBlock()
      if block.isEmpty { break }
      samples += block.count
      try block.withUnsafeBufferPointer { buffer in
        do { try stream.push(buffer) } catch let error as MtagError { throw error.naming(path) }
      }
    }
    do {
      let map = try stream.finish()
      return ClipFeatures(map: map, seconds: Double(samples) / Double(rate), warnings: reader.warnings)
    } catch let error as MtagError {
      throw error.naming(path)
    }
  }
}

extension MtagError {
  /// The same error with the file's name in front, unless it is there already.
  fileprivate func naming(_ path: String) -> MtagError {
    message.contains(path) ? self : MtagError(kind, "\(path): \(message)")
  }
}
