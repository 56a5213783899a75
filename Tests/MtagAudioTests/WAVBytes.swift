/// A WAV file made byte by byte, so that its header can lie.
struct WAVBytes {
  var formatTag: UInt16 = 3
  var channels: UInt16 = 1
  var rate: UInt32 = 22050
  var bitsPerSample: UInt16 = 32
  var samples: [Float] = []
  /// What the header claims as the size of the samples; nil tells the truth.
  var claimedBytes: UInt32?

  var bytes: [UInt8] {
    let blockAlign = UInt32(channels) &* UInt32(bitsPerSample / 8)
    let format =
      little(formatTag) + little(channels) + little(rate) + little(rate &* blockAlign)
      + little(UInt16(truncatingIfNeeded: blockAlign)) + little(bitsPerSample)
    let data = samples.flatMap { little($0.bitPattern) }
    let claimed = claimedBytes ?? UInt32(data.count)
    return Array("RIFF".utf8) + little(claimed &+ 36) + Array("WAVEfmt ".utf8) + little(UInt32(16)) + format
      + Array("data".utf8) + little(claimed) + data
  }

  private func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}
