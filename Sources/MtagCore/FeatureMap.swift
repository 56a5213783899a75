/// A feature map of one clip: `[bands, frames, channels]`, band-major: all frames of band 0, then of band 1, …; the
/// channels of one band at one frame stand next to each other.
///
/// Band 0 is the lowest in frequency. Values are in the unit that the map's `FeatureSpec` says (dB for most presets). They
/// are in memory, or in a file that is mapped into it: a map larger than memory costs only what is looked at.
public struct FeatureMap: Sendable {
  /// Rows: mel bands, or whatever the extractor calls its vertical axis.
  public let bands: Int
  /// Columns: time frames.
  public let frames: Int
  /// Layers of one picture: 1 for a spectrogram, the number of harmonics for a harmonic stack.
  public let channels: Int
  /// Where the values are.
  package let storage: FeatureStorage

  /// Makes a map from its values.
  public init(bands: Int, frames: Int, channels: Int = 1, values: [Float]) {
    self.init(bands: bands, frames: frames, channels: channels, storage: .memory(values))
  }

  /// Makes a map over values that are somewhere already.
  package init(bands: Int, frames: Int, channels: Int = 1, storage: FeatureStorage) {
    precondition(
      storage.count == bands * frames * channels,
      "\(storage.count) values are not \(bands) × \(frames) × \(channels)")
    self.bands = bands
    self.frames = frames
    self.channels = channels
    self.storage = storage
  }

  /// How many values there are.
  public var count: Int { bands * frames * channels }

  /// All values; a copy, if the map lies in a file. Whoever may meet a long clip uses `read`.
  public var values: [Float] {
    if case .memory(let values) = storage { return values }
    return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      read(0..<count, into: buffer)
      filled = count
    }
  }

  /// Copies some of the values, counted in the order of `values`, to the start of a buffer.
  public func read(_ range: Range<Int>, into target: UnsafeMutableBufferPointer<Float>) {
    precondition(target.count >= range.count, "\(target.count) values cannot hold \(range.count)")
    storage.read(range, into: target)
  }

  /// Values in a piece of `forEachPiece`: a multiple of every SIMD width, and small enough for the first cache.
  private static let pieceCount = 4096

  /// Passes all values on in order, in pieces of 4096 and a shorter last one, so that no copy of the whole is made.
  package func forEachPiece(_ body: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
    try withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.pieceCount) { buffer in
      for start in stride(from: 0, to: count, by: Self.pieceCount) {
        let piece = start..<min(start + Self.pieceCount, count)
        read(piece, into: buffer)
        try body(UnsafeMutableBufferPointer(rebasing: buffer[..<piece.count]))
      }
    }
  }

  /// The value of one band at one frame.
  public subscript(band: Int, frame: Int, channel: Int = 0) -> Float {
    var value: Float = 0
    let index = (band * frames + frame) * channels + channel
    withUnsafeMutablePointer(to: &value) {
      read(index..<(index + 1), into: UnsafeMutableBufferPointer(start: $0, count: 1))
    }
    return value
  }
}

extension FeatureMap: Hashable {
  /// Whether two maps have the same shape and the same values, wherever those are.
  public static func == (one: FeatureMap, other: FeatureMap) -> Bool {
    one.bands == other.bands && one.frames == other.frames && one.channels == other.channels
      && one.values == other.values
  }

  /// Hashes shape and values.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(bands)
    hasher.combine(frames)
    hasher.combine(channels)
    hasher.combine(values)
  }
}
