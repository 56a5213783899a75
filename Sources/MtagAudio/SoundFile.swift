internal import CSndFile
internal import MtagCore
internal import Synchronization

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
  private let isMPEG: Bool
  private let frameLimit: Int
  private var framesRead = 0

  /// Opens a file and checks what its header claims.
  /// - Throws: `MtagError` naming file and reason (inputMissing, badData).
  init(path: String) throws {
    let size = try InputFile.sizeBytes(path)
    guard size > 0 else { throw MtagError(.badData, "\(path): the file is empty") }
    var header = SF_INFO()
    let handle = try Self.open(path, header: &header)
    do {
      let limit = Self.frameLimit(format: header.format, fileBytes: size)
      let info = try Self.checkedInfo(header, path: path, frameLimit: limit)
      self.warnings = try Self.headerWarnings(handle, format: header.format, path: path)
      self.info = info
      self.frameLimit = limit
      let encodings = [SF_FORMAT_MPEG_LAYER_I, SF_FORMAT_MPEG_LAYER_II, SF_FORMAT_MPEG_LAYER_III]
      self.isMPEG = encodings.contains(Int(header.format) & SF_FORMAT_SUBMASK)
      self.handle = handle
    } catch {
      sf_close(handle)
      throw error
    }
  }

  deinit { sf_close(handle) }

  /// How many frames less than claimed are no sign of damage: the length of an MPEG stream without an index is guessed
  /// from its first frames, and its last frame (1152 samples) may be half there.
  var claimToleranceFrames: Int { isMPEG ? max(2 * 1152, (info.frames ?? 0) / 50) : 0 }

  /// How many frames are read at a time: 128 Ki samples over all channels, one megabyte with its copy.
  static func blockFrames(channels: Int) -> Int { max(1, 131_072 / channels) }

  /// Decodes the next frames, `[frames, channels]`, as many as the buffer holds; 0 at the end of what decodes.
  mutating func readFrames(into buffer: UnsafeMutableBufferPointer<Float>) -> Int {
    let wanted = min(buffer.count / info.channels, frameLimit - framesRead)
    guard wanted > 0 else {
      isCutAtLimit = true
      return 0
    }
    let read = Int(sf_readf_float(handle, buffer.baseAddress, sf_count_t(wanted)))
    if read < wanted, faultText.isEmpty, sf_error(handle) != 0 {
      faultText = " (\(Self.sentence(sf_strerror(handle))))"
    }
    guard read > 0 else { return 0 }
    framesRead += read
    return read
  }
}

// MARK: - Opening

extension SoundFile {
  /// Why an open failed stands in a global variable of libsndfile; opening takes about a millisecond.
  private static let openLock = Mutex<Void>(())

  private static func open(_ path: String, header: inout SF_INFO) throws -> OpaquePointer {
    let (handle, why, opened) = openLock.withLock { _ in
      var opened = SF_INFO()
      let handle = sf_open(path, Int32(SFM_READ), &opened)
      return (handle, handle == nil ? sentence(sf_strerror(nil)) : "", opened)
    }
    guard let handle else {
      throw MtagError(.badData, "\(path): \(try FileSignature.refusal(path, reason: why))")
    }
    header = opened
    return handle
  }

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
