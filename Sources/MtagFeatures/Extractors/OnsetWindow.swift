import MtagCore
import MtagKernelTypes

/// Takes an onset envelope value by value and writes the autocorrelations around each of its frames as soon as enough of it
/// is known. Before the clip and after it, the envelope falls to zero along a straight line over half a window, as
/// `librosa.feature.tempogram` pads it. Keeps some windows of the envelope, whatever the clip's length.
struct OnsetWindow: ~Copyable {
  private let lags: Int
  private let frames: Int
  private let weights: [Float]
  private let kernels: ExtractorKernels
  /// The envelope from half a window before the next frame on.
  private let envelope: AlignedBuffer
  private let products: AlignedBuffer
  private let group: AlignedBuffer
  private var filled: Int
  private var received = 0
  private var written = 0
  private var last: Float = 0

  /// - Parameter weights: what the autocorrelation kernel multiplies with.
  init(lags: Int, frames: Int, weights: [Float], kernels: ExtractorKernels) {
    let width = FeatureKernels.framesPerGroup
    self.lags = lags
    self.frames = frames
    self.weights = weights
    self.kernels = kernels
    envelope = AlignedBuffer(count: 4 * lags + 1024)
    products = AlignedBuffer(count: lags + 2 * width)
    group = AlignedBuffer(count: lags * width)
    // The envelope's first value is always 0 (there is no onset before the second frame), and so is the line up to it.
    filled = lags / 2
  }

  /// Appends `count` zeros.
  mutating func append(zeros count: Int, into writer: inout MapWriter) throws {
    for _ in 0..<min(count, frames) { try append(0, into: &writer) }
  }

  /// Appends values; what comes after the last frame is dropped.
  mutating func append(_ values: ArraySlice<Float>, into writer: inout MapWriter) throws {
    for value in values where received < frames { try append(value, into: &writer) }
  }

  /// Ends the envelope and writes the frames that are left.
  mutating func finish(into writer: inout MapWriter) throws {
    precondition(received == frames, "\(received) of \(frames) values of the envelope came")
    let half = lags / 2
    for step in 0..<half {
      try push(last * Float(half - 1 - step) / Float(half), into: &writer)
    }
    while written < frames { try push(0, into: &writer) }
  }

  private mutating func append(_ value: Float, into writer: inout MapWriter) throws {
    last = value
    received += 1
    try push(value, into: &writer)
  }

  private mutating func push(_ value: Float, into writer: inout MapWriter) throws {
    let width = FeatureKernels.framesPerGroup
    envelope.pointer[filled] = value
    filled += 1
    // The kernel reads up to 32 values past the lags.
    if filled == envelope.count - 2 * width { try drain(into: &writer) }
    if written + pendingFrames >= frames { try drain(into: &writer) }
  }

  /// Frames whose whole window is there.
  private var pendingFrames: Int { max(0, filled - lags + 1) }

  private mutating func drain(into writer: inout MapWriter) throws {
    let width = FeatureKernels.framesPerGroup
    var start = 0
    while written < frames {
      let columns = min(width, frames - written)
      guard filled - start >= lags - 1 + columns else { break }
      weights.withUnsafeBufferPointer { weights in
        guard let weights = weights.baseAddress else { return }
        kernels.autocorrelations(
          group.pointer, products.pointer, envelope.pointer + start, weights, lags)
      }
      try writer.values(group.pointer, rows: lags, columns: columns)
      start += columns
      written += columns
    }
    filled -= start
    envelope.pointer.update(from: envelope.pointer + start, count: filled)
    // What stands behind must be numbers: frames past the last are computed too, and dropped.
    (envelope.pointer + filled).update(repeating: 0, count: envelope.count - filled)
  }
}
