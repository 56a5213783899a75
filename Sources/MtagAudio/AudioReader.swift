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
  /// Where the time went so far.
  public private(set) var times = ReadingTimes()

  private var file: SoundFile
  private var resampler: Resampler
  /// `[frames, channels]`: the block as it is decoded. Memory is used again for every block: fresh pages cost more than the
  /// mean of the channels.
  private let interleaved: AlignedBuffer
  /// `[frames]`: its mean.
  private let mono: AlignedBuffer
  /// What of it the resampler has not taken yet.
  private var pending = UnsafeBufferPointer<Float>(start: nil, count: 0)
  private var decodedFrames = 0
  private var isDecoded = false
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
    let start = ContinuousClock.now
    let file = try SoundFile(path: path)
    times.decoding = start.duration(to: .now)
    let info = file.info
    let rate = sampleRateHz ?? info.sampleRateHz
    let blockFrames = SoundFile.blockFrames(channels: info.channels)
    self.resampler = try Resampler(fromHz: info.sampleRateHz, toHz: rate, blockCount: blockFrames)
    self.info = info
    self.sampleRateHz = rate
    self.warnings = file.warnings
    self.interleaved = AlignedBuffer(count: blockFrames * info.channels)
    self.mono = AlignedBuffer(count: blockFrames)
    self.file = file
  }

  /// The next block of mono samples; empty at the end, and then always.
  /// - Throws: `MtagError` (badData) naming file and reason: nothing decodes, NaN, infinity or an absurd level.
  public func nextBlock() throws -> [Float] { Array(try nextSamples()) }

  /// Lends the next block of mono samples, which saves `nextBlock`'s copy; `body` must not read on meanwhile.
  /// - Returns: false at the end, and then always; `body` is not called then.
  /// - Throws: what `nextBlock` and `body` throw.
  public func withNextBlock(_ body: (UnsafeBufferPointer<Float>) throws -> Void) throws -> Bool {
    let samples = try nextSamples()
    if !samples.isEmpty { try body(samples) }
    return !samples.isEmpty
  }

  // MARK: - Helpers

  /// The next samples, valid until the next call; none at the end.
  private func nextSamples() throws -> UnsafeBufferPointer<Float> {
    while !isFinished {
      if pending.isEmpty && !isDecoded { try decodeBlock() }
      let start = ContinuousClock.now
      let output = isDecoded ? try resampler.takeRest() : try resampler.take(&pending)
      times.converting += start.duration(to: .now)
      if !output.isEmpty { return output }
      if isDecoded {
        isFinished = true
        try checkEnd()
      }
    }
    return UnsafeBufferPointer(start: nil, count: 0)
  }

  /// Decodes at most one block and averages its channels; or finds that nothing more decodes.
  private func decodeBlock() throws {
    let start = ContinuousClock.now
    let frames = file.readFrames(into: interleaved.mutable)
    let middle = ContinuousClock.now
    times.decoding += start.duration(to: middle)
    let largest = mixToMono(interleaved.pointer, frames: frames, channels: info.channels, into: mono.pointer)
    times.converting += middle.duration(to: .now)
    // A bad value in any channel shows in the mean.
    if largest > Self.largestLevel.bitPattern { throw refusal(frames: frames) }
    isDecoded = frames == 0
    decodedFrames += frames
    pending = UnsafeBufferPointer(start: mono.pointer, count: frames)
  }

  private func refusal(frames: Int) -> MtagError {
    isFinished = true
    let bad = (0..<frames).first { !(mono.pointer[$0].magnitude <= Self.largestLevel) } ?? 0
    let seconds = Double(decodedFrames + bad) / Double(info.sampleRateHz)
    let rounded = (seconds * 1000).rounded() / 1000
    return MtagError(
      .badData,
      "\(info.path): the sample at \(rounded) s is \(mono.pointer[bad]), not a sound level; the file is damaged"
    )
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
