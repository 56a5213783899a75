import MtagCore

extension Operation {
  /// Attributes of the learned front-end of Harmonic CNN: `[batch, bins, frames, 1]` of a power spectrogram →
  /// `[batch, bands, frames, harmonics]`.
  ///
  /// Band i of harmonic h is a triangle around f = h · lowestHz · 2^(i / (12 · bandsPerSemitone)) with the full width
  /// (0.1079 · f + 24.7) / Q Hz. Q is the only weight, starts at 1 and is called `bw_Q`.
  /// - Source: Won et al., "Data-driven harmonic filters for audio representation learning", 2020; the numbers are those of the
  ///   authors' code, minzwon/sota-music-tagging-models.
  public struct HarmonicFilter: Codable, Hashable, Sendable {
    /// Rate of the sound that the spectrogram was made of, in Hz; its bins reach from 0 to half of it.
    public var sampleRateHz: Int
    /// Harmonics, from the fundamental on.
    public var harmonics: Int
    /// Centre of the lowest band, in Hz.
    public var lowestHz: Float
    /// Bands.
    public var bands: Int
    /// Bands a semitone.
    public var bandsPerSemitone: Int

    /// The authors' numbers: 16 kHz, 6 harmonics, 128 bands of half semitones from C1 on.
    public init(
      sampleRateHz: Int = 16_000, harmonics: Int = 6, lowestHz: Float = 32.703_197, bands: Int = 128,
      bandsPerSemitone: Int = 2
    ) {
      self.sampleRateHz = sampleRateHz
      self.harmonics = harmonics
      self.lowestHz = lowestHz
      self.bands = bands
      self.bandsPerSemitone = bandsPerSemitone
    }
  }
}

extension Operation.HarmonicFilter: OperatorRule {
  var label: String { "harmonic filters, \(harmonics) × \(bands)" }

  func checkAttributes(node: String) throws {
    try AttributeCheck.check("sampleRateHz", sampleRateHz, 1...1_000_000, node: node)
    try AttributeCheck.check("harmonics", harmonics, 1...64, node: node)
    try AttributeCheck.check("bands", bands, 1...4096, node: node)
    try AttributeCheck.check("bandsPerSemitone", bandsPerSemitone, 1...100, node: node)
    guard lowestHz > 0, lowestHz.isFinite else {
      throw MtagError(.usage, "\(node): lowestHz \(lowestHz) is not above 0")
    }
  }

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    var shape = inputs[0]
    guard shape.channels == 1 else {
      throw MtagError(.usage, "\(node) (\(label)): needs a spectrogram of one channel, not \(shape)")
    }
    if shape.bands > 0 { shape.bands = bands }
    shape.channels = harmonics
    return shape
  }

  func parameters(node: String, inputs: [TensorShape]) -> [Parameter] {
    [Parameter("\(node).bw_Q", [1], .constant(1))]
  }

  func multiplyAccumulates(inputs: [TensorShape], output: TensorShape) -> Int? {
    checkedProduct(output.count, inputs[0].bands)
  }
}
