package import Foundation

/// Mono 16-bit WAV files, written whole.
package enum WAVFile {
  /// Bytes before the first sample.
  package static let headerBytes = 44

  /// The bytes of a file: samples outside [-1, 1] are clipped, the rest rounded to the nearest of 65,536 steps.
  package static func data(samples: [Float], sampleRateHz: Int) -> Data {
    let sampleBytes = samples.count * 2
    var data = Data(capacity: headerBytes + sampleBytes)
    func append<Number: FixedWidthInteger>(_ number: Number) {
      withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
    }
    data.append(contentsOf: "RIFF".utf8)
    append(UInt32(headerBytes - 8 + sampleBytes))
    data.append(contentsOf: "WAVEfmt ".utf8)
    append(UInt32(16))
    append(UInt16(1))  // integer PCM
    append(UInt16(1))  // channels
    append(UInt32(sampleRateHz))
    append(UInt32(sampleRateHz * 2))
    append(UInt16(2))
    append(UInt16(16))
    data.append(contentsOf: "data".utf8)
    append(UInt32(sampleBytes))
    let steps = samples.map { Int16(max(-32_768, min(32_767, ($0 * 32_767).rounded()))).littleEndian }
    steps.withUnsafeBufferPointer { data.append($0) }
    return data
  }
}
