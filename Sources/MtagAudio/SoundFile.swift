internal import CSndFile
internal import MtagCore

/// An open sound file: the one owner of a libsndfile handle.
struct SoundFile: ~Copyable {
  /// What the header says, checked for sense.
  let info: AudioInfo
  /// What was odd about the header, one line each.
  let warnings: [String]
  /// Whether decoding was stopped because the file gave more than a file of its size can hold.
  private(set) var isCutAtLimit = false
  /// What the decoder complained about when it gave less than was asked for, in brackets; empty if it did not.
  private(set) var faultText = ""

  private let handle: OpaquePointer
  /// What the handle reads from, if that is not libsndfile's own.
  private let source: BufferedFile?
  private let isMPEG: Bool
  private let frameLimit: Int
  private var framesRead = 0

  /// Opens a file and checks what its header claims.
  /// - Throws: `MtagError` naming file and reason (inputMissing, badData).
  init(path: String) throws {
    let size = try InputFile.sizeBytes(path)
    guard size > 0 else { throw MtagError(.badData, "\(path): the file is empty") }
    var header = SF_INFO()
    let (handle, source) = try Self.open(path, header: &header)
    do {
      let limit = Self.frameLimit(format: header.format, fileBytes: size)
      let info = try Self.checkedInfo(header, path: path, frameLimit: limit)
      self.warnings = try Self.headerWarnings(handle, format: header.format, path: path)
      self.info = info
      self.frameLimit = limit
      let encodings = [SF_FORMAT_MPEG_LAYER_I, SF_FORMAT_MPEG_LAYER_II, SF_FORMAT_MPEG_LAYER_III]
      self.isMPEG = encodings.contains(Int(header.format) & SF_FORMAT_SUBMASK)
      self.handle = handle
      self.source = source
    } catch {
      sf_close(handle)
      withExtendedLifetime(source) {}
      throw error
    }
  }

  deinit {
    sf_close(handle)
    // Until here the handle may have read from it.
    withExtendedLifetime(source) {}
  }

  /// How many frames less than claimed are no sign of damage: the length of an MPEG stream without an index is guessed
  /// from its first frames, and its last frame (1152 samples) may be half there.
  var claimToleranceFrames: Int { isMPEG ? max(2 * 1152, (info.frames ?? 0) / 50) : 0 }

  /// How many frames are read at a time: 32 Ki samples over all channels, so that a block and what becomes of it stay in
  /// the cache nearest to all of a core.
  static func blockFrames(channels: Int) -> Int { max(1, 32_768 / channels) }

  /// Decodes the next frames, `[frames, channels]`, as many as the buffer holds; 0 at the end of what decodes.
  mutating func readFrames(into buffer: UnsafeMutableBufferPointer<Float>) -> Int {
    let wanted = min(buffer.count / info.channels, frameLimit - framesRead)
    guard wanted > 0 else {
      isCutAtLimit = true
      return 0
    }
    let read = Int(sf_readf_float(handle, buffer.baseAddress, sf_count_t(wanted)))
    if read < wanted, faultText.isEmpty { faultText = complaint }
    guard read > 0 else { return 0 }
    framesRead += read
    return read
  }

  /// What went wrong so far, in brackets; empty if nothing did. The system's words come first: libsndfile takes a file
  /// that cannot be read for one that has ended.
  private var complaint: String {
    if let failure = source?.failure { return " (\(failure))" }
    return sf_error(handle) != 0 ? " (\(Self.sentence(sf_strerror(handle))))" : ""
  }
}

// MARK: - Checking the header

extension SoundFile {
  private static func checkedInfo(_ header: SF_INFO, path: String, frameLimit: Int) throws -> AudioInfo {
    let (rate, channels) = (Int(header.samplerate), Int(header.channels))
    guard AudioReader.sampleRatesHz.contains(rate) else {
      throw MtagError(
        .badData,
        "\(path): the header claims \(rate) Hz, not in \(AudioReader.sampleRatesHz); the file is damaged")
    }
    // libsndfile's own limit, SF_MAX_CHANNELS.
    guard (1...1024).contains(channels) else {
      throw MtagError(.badData, "\(path): the header claims \(channels) channels; the file is damaged")
    }
    // A file called .au or .snd whose header libsndfile cannot read is to it headerless u-law: noise.
    guard Int(header.format) & (SF_FORMAT_TYPEMASK | SF_FORMAT_SUBMASK) != SF_FORMAT_RAW | SF_FORMAT_ULAW
    else {
      throw MtagError(.badData, "\(path): the header cannot be read; the file is damaged or no AU file")
    }
    guard header.frames > 0 else {
      throw MtagError(.badData, "\(path): holds no samples (\(channels) channels at \(rate) Hz, zero frames)")
    }
    return AudioInfo(
      path: path, sampleRateHz: rate, channels: channels,
      frames: header.frames <= sf_count_t(frameLimit) ? Int(header.frames) : nil,
      format: formatText(header.format))
  }

  /// How many frames a file of that size can hold at most, so that no decoder can go on for ever.
  ///
  /// Codecs pack silence tightly: a FLAC frame of 65,535 equal samples takes about 10 bytes, an Ogg packet of some
  /// thousand samples one. The other encodings need at least half a bit a sample.
  private static func frameLimit(format: Int32, fileBytes: Int) -> Int {
    let packed = [SF_FORMAT_FLAC, SF_FORMAT_OGG, SF_FORMAT_MPEG, SF_FORMAT_CAF]
    return (fileBytes + 64) * (packed.contains(Int(format) & SF_FORMAT_TYPEMASK) ? 8192 : 16)
  }
}
