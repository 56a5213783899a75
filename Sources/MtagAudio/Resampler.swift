internal import CSoxr
internal import MtagCore

/// Converts the rate of one channel, block by block, with soxr's high quality (what librosa calls `soxr_hq`).
///
/// The blocks' total is `ceil(input count * toHz / fromHz)` samples, as librosa makes it. Equal rates pass through.
/// Source: libsoxr 0.1.3 `soxr.h`; librosa 0.11 `resample(fix=True)`.
struct Resampler: ~Copyable {
  private let handle: OpaquePointer?
  private let ratio: Double
  /// Where soxr writes; used again for every block.
  private let output: AlignedBuffer
  private var inputCount = 0
  private var outputCount = 0

  /// The most samples that are made at once; what a block gives beyond them comes with the next call.
  private static let largestOutputCount = 65_536

  /// Makes a resampler between two rates in Hz.
  /// - Parameter blockCount: how many samples a block of input mostly has.
  init(fromHz: Int, toHz: Int, blockCount: Int) throws {
    precondition(fromHz > 0 && toHz > 0, "rates \(fromHz) and \(toHz) Hz must be positive")
    ratio = Double(toHz) / Double(fromHz)
    guard fromHz != toHz else {
      handle = nil
      output = AlignedBuffer(count: 0)
      return
    }
    var fault: soxr_error_t?
    var inputOutput = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I)
    var quality = soxr_quality_spec(UInt(SOXR_HQ), 0)
    var runtime = soxr_runtime_spec(1)
    let made = soxr_create(Double(fromHz), Double(toHz), 1, &fault, &inputOutput, &quality, &runtime)
    guard let made else {
      let why = fault.map { String(cString: $0) } ?? "no reason given"
      throw MtagError(.internalFault, "no resampler from \(fromHz) to \(toHz) Hz: \(why)")
    }
    handle = made
    output = AlignedBuffer(count: min(Int(Double(blockCount) * ratio) + 4096, Self.largestOutputCount))
  }

  deinit {
    if let handle { soxr_delete(handle) }
  }

  /// Takes from the front of `input` what it can, and gives what output is ready, which may be none: the filter looks
  /// ahead. The output is valid until the next call.
  mutating func take(_ input: inout UnsafeBufferPointer<Float>) throws -> UnsafeBufferPointer<Float> {
    guard handle != nil else {
      defer { input = UnsafeBufferPointer(rebasing: input[input.count...]) }
      return input
    }
    let (used, ready) = try step(input)
    guard used > 0 || ready > 0 else {
      throw MtagError(.internalFault, "the resampler takes no more input, \(input.count) samples are left")
    }
    input = UnsafeBufferPointer(rebasing: input[used...])
    inputCount += used
    outputCount += ready
    return UnsafeBufferPointer(start: output.pointer, count: ready)
  }

  /// After the end of the input, gives the next part of the rest, until there is none. The sum of all output is the exact
  /// total: what is more is cut off, what is missing is zeros.
  mutating func takeRest() throws -> UnsafeBufferPointer<Float> {
    guard handle != nil else { return UnsafeBufferPointer(start: nil, count: 0) }
    let missing = Int((Double(inputCount) * ratio).rounded(.up)) - outputCount
    guard missing > 0 else { return UnsafeBufferPointer(start: nil, count: 0) }
    var ready = min(try step(UnsafeBufferPointer(start: nil, count: 0)).ready, missing)
    if ready == 0 {
      ready = min(missing, output.count)
      output.mutable[..<ready].update(repeating: 0)
    }
    outputCount += ready
    return UnsafeBufferPointer(start: output.pointer, count: ready)
  }

  /// One call of soxr; an empty input means its end.
  private func step(_ input: UnsafeBufferPointer<Float>) throws -> (used: Int, ready: Int) {
    var (used, ready) = (0, 0)
    let start = input.isEmpty ? nil : input.baseAddress
    let fault = soxr_process(handle, start, input.count, &used, output.pointer, output.count, &ready)
    if let fault { throw MtagError(.internalFault, "resampling fails: \(String(cString: fault))") }
    return (used, ready)
  }
}
