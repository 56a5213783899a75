internal import CSoxr
internal import MtagCore

/// Converts the rate of one channel, block by block, with soxr's high quality (what librosa calls `soxr_hq`).
///
/// The blocks' total is `ceil(input count * toHz / fromHz)` samples, as librosa makes it. Equal rates pass through.
/// Source: libsoxr 0.1.3 `soxr.h`; librosa 0.11 `resample(fix=True)`.
struct Resampler: ~Copyable {
  private let handle: OpaquePointer?
  private let ratio: Double
  private var inputCount = 0
  private var outputCount = 0

  /// Makes a resampler between two rates in Hz.
  init(fromHz: Int, toHz: Int) throws {
    precondition(fromHz > 0 && toHz > 0, "rates \(fromHz) and \(toHz) Hz must be positive")
    ratio = Double(toHz) / Double(fromHz)
    guard fromHz != toHz else {
      handle = nil
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
  }

  deinit {
    if let handle { soxr_delete(handle) }
  }

  /// Takes a block of input and gives what output is ready, which may be none: the filter looks ahead.
  mutating func process(_ input: [Float]) throws -> [Float] {
    inputCount += input.count
    guard handle != nil else { return input }
    var output: [Float] = []
    var taken = 0
    while taken < input.count {
      let (used, ready) = try step(input[taken...])
      output += ready
      taken += used
      guard used > 0 || !ready.isEmpty else {
        throw MtagError(
          .internalFault, "the resampler takes no more input after \(taken) of \(input.count) samples")
      }
    }
    outputCount += output.count
    return output
  }

  /// Ends the input and gives the rest of the output, cut or filled with zeros to the exact total.
  mutating func finish() throws -> [Float] {
    guard handle != nil else { return [] }
    let total = Int((Double(inputCount) * ratio).rounded(.up))
    var rest: [Float] = []
    while outputCount + rest.count < total, case let ready = try step([]).output, !ready.isEmpty {
      rest += ready
    }
    let missing = total - outputCount - rest.count
    if missing < 0 { rest.removeLast(-missing) } else { rest += repeatElement(0, count: missing) }
    outputCount = total
    return rest
  }

  // MARK: - Helpers

  /// One call of soxr; an empty input means its end.
  private func step(_ input: ArraySlice<Float>) throws -> (used: Int, output: [Float]) {
    let capacity = Int(Double(input.count) * ratio) + 4096
    var used = 0
    var fault: soxr_error_t?
    let output = [Float](unsafeUninitializedCapacity: capacity) { buffer, made in
      input.withUnsafeBufferPointer { samples in
        let start = samples.isEmpty ? nil : samples.baseAddress
        fault = soxr_process(handle, start, samples.count, &used, buffer.baseAddress, capacity, &made)
      }
    }
    if let fault { throw MtagError(.internalFault, "resampling fails: \(String(cString: fault))") }
    return (used, output)
  }
}
