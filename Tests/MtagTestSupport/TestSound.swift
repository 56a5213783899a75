public import Foundation

/// Small sound files that tests make for themselves.
public enum TestSound {
  /// A mono 16-bit WAV of a sine and a little noise that depends on `seed`.
  public static func tone(hertz: Double, seconds: Double, rateHz: Int = 8000, seed: UInt64 = 0) -> Data {
    var state = seed &* 2 &+ 1
    let samples = (0..<Int(seconds * Double(rateHz))).map { index -> Int16 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let noise = Double(state >> 33) / Double(UInt32.max >> 1) - 0.5
      let phase = 2 * Double.pi * hertz * Double(index) / Double(rateHz)
      return Int16(20_000 * 0.5 * sin(phase) + 2_000 * noise)
    }
    return wav(samples, rateHz: rateHz)
  }

  /// A mono 16-bit WAV.
  public static func wav(_ samples: [Int16], rateHz: Int) -> Data {
    func bytes(_ value: some FixedWidthInteger) -> Data {
      withUnsafeBytes(of: value.littleEndian) { Data($0) }
    }
    let size = UInt32(samples.count * 2)
    var data = Data("RIFF".utf8) + bytes(36 + size) + Data("WAVEfmt ".utf8) + bytes(UInt32(16))
    data += bytes(UInt16(1)) + bytes(UInt16(1)) + bytes(UInt32(rateHz)) + bytes(UInt32(rateHz * 2))
    data += bytes(UInt16(2)) + bytes(UInt16(16)) + Data("data".utf8) + bytes(size)
    for sample in samples { data += bytes(sample) }
    return data
  }
}
