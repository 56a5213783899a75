internal import MtagCore

/// Reads a sound file as mono samples at a wanted rate, block by block: decode, mean of the channels, resample.
///
/// Memory is that of one block, whatever the file's length. One reader serves one thread.
public final class AudioReader {
  /// What the file's header says.
  public let info: AudioInfo
  /// The rate of the blocks, in samples per second.
  public let sampleRateHz: Int
  /// What was odd but not fatal, one line each, naming the file; complete after the last block.
  public private(set) var warnings: [String]

  private var file: SoundFile
  private var resampler: Resampler
  private var interleaved: [Float]
  private var decodedFrames = 0
  private var isFinished = false

  /// Rates in Hz that can be read and asked for. Outside of them a header is damaged or the file is no sound; the
  /// bounds also keep a small file from being stretched into a huge clip.
  public static let sampleRatesHz = 1_000...3_072_000

  /// Samples beyond this are no sound but damage (full scale is 1), and their power would overflow 32-bit floats.
  static let largestLevel: Float = 1e12

  /// Opens a file.
  /// - Parameters:
  ///   - path: any file that libsndfile opens.
  ///   - sampleRateHz: the wanted rate; nil keeps the file's own.
  /// - Throws: `MtagError` naming file and reason: inputMissing (not there, a folder), badData (empty, no sound
  ///   file, no frames, a rate that cannot be); usage if the wanted rate is out of `sampleRatesHz`.
  public init(path: String, sampleRateHz: Int?) throws {
    if let wanted = sampleRateHz, !Self.sampleRatesHz.contains(wanted) {
      throw MtagError(.usage, "sample rate \(wanted) Hz must be in \(Self.sampleRatesHz)")
    }
    let file = try SoundFile(path: path)
    let info = file.info
    let rate = sampleRateHz ?? info.sampleRateHz
    self.resampler = try Resampler(fromHz: info.sampleRateHz, toHz: rate)
    self.info = info
    self.sampleRateHz = rate
    self.warnings = file.warnings
    self.interleaved = Array(
      repeating: 0, count: SoundFile.blockFrames(channels: info.channels) * info.channels)
    self.file = file
  }

  /// The next block of mono samples; empty at the end, and then always.
  /// - Throws: `MtagError` (badData) naming file and reason: nothing decodes, NaN, infinity or an absurd level.
  public func nextBlock() throws -> [Float] {
    while !isFinished {
      let mono = try decodeBlock()
      isFinished = mono.isEmpty
      let output = mono.isEmpty ? try resampler.finish() : try resampler.process(mono)
      if isFinished { try checkEnd() }
      if !output.isEmpty { return output }
    }
    return []
  }

  // MARK: - Helpers

  /// Decodes at most one block and averages its channels; empty at the end of what decodes.
  private func decodeBlock() throws -> [Float] {
    let frames = interleaved.withUnsafeMutableBufferPointer { file.readFrames(into: $0) }
    let mono = interleaved.withUnsafeBufferPointer {
      mixToMono($0, frames: frames, channels: info.channels)
    }
    // The negated comparison also catches NaN. A bad value in any channel shows in the mean.
    if let bad = mono.firstIndex(where: { !($0.magnitude <= Self.largestLevel) }) {
      isFinished = true
      let seconds = Double(decodedFrames + bad) / Double(info.sampleRateHz)
      let rounded = (seconds * 1000).rounded() / 1000
      throw MtagError(
        .badData,
        "\(info.path): the sample at \(rounded) s is \(mono[bad]), not a sound level; the file is damaged")
    }
    decodedFrames += frames
    return mono
  }

  /// Compares what decoded with what the header claimed.
  private func checkEnd() throws {
    guard decodedFrames > 0 else {
      throw MtagError(.badData, "\(info.path): nothing of it decodes\(file.faultText); the file is damaged")
    }
    if let claimed = info.frames, claimed - decodedFrames > file.claimToleranceFrames {
      warnings.append(
        "\(info.path): \(decodedFrames) of \(claimed) frames decode\(file.faultText); what decodes is used")
    }
    if file.isCutAtLimit {
      warnings.append("\(info.path): decoding goes on beyond what a file of its size can hold; stopped there")
    }
  }
}
