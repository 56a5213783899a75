extension FeatureSpec {
  /// Reads a spec; fields that files from before they came do not have get their neutral value.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func optional<Value: Decodable>(_ key: CodingKeys, _ neutral: Value) throws -> Value {
      try values.decodeIfPresent(Value.self, forKey: key) ?? neutral
    }
    name = try values.decode(String.self, forKey: .name)
    extractor = try values.decode(String.self, forKey: .extractor)
    sampleRateHz = try values.decode(Int.self, forKey: .sampleRateHz)
    monoRule = try optional(.monoRule, .mean)
    resampler = try optional(.resampler, .soxrHQ)
    waveformNormalization = try optional(.waveformNormalization, .none)
    preEmphasis = try optional(.preEmphasis, 0)
    preEmphasisScope = try optional(.preEmphasisScope, .clip)
    windowLength = try values.decode(Int.self, forKey: .windowLength)
    fftSize = try values.decode(Int.self, forKey: .fftSize)
    hopLength = try values.decode(Int.self, forKey: .hopLength)
    window = try optional(.window, .hann)
    windowAlignment = try optional(.windowAlignment, .center)
    isCentered = try values.decode(Bool.self, forKey: .isCentered)
    padding = try optional(.padding, .zeros)
    lastFrame = try optional(.lastFrame, .whole)
    removesFrameMean = try optional(.removesFrameMean, false)
    magnitudeExponent = try values.decode(Float.self, forKey: .magnitudeExponent)
    bands = try values.decode(Int.self, forKey: .bands)
    melScale = try optional(.melScale, .slaney)
    melNorm = try optional(.melNorm, .area)
    triangleDomain = try optional(.triangleDomain, .hertz)
    minimumHz = try values.decode(Float.self, forKey: .minimumHz)
    maximumHz = try values.decode(Float.self, forKey: .maximumHz)
    level = try values.decode(Level.self, forKey: .level)
    logFrequency = try values.decodeIfPresent(LogFrequency.self, forKey: .logFrequency)
    cepstrum = try values.decodeIfPresent(Cepstrum.self, forKey: .cepstrum)
    pcen = try values.decodeIfPresent(PCEN.self, forKey: .pcen)
    chroma = try values.decodeIfPresent(Chroma.self, forKey: .chroma)
    contrast = try values.decodeIfPresent(Contrast.self, forKey: .contrast)
    tempogram = try values.decodeIfPresent(Tempogram.self, forKey: .tempogram)
    constantQ = try values.decodeIfPresent(ConstantQ.self, forKey: .constantQ)
  }
}

extension FeatureSpec.Level: Codable {
  private enum CodingKeys: String, CodingKey {
    case function, reference, minimumValue, floorDB, gain, offset, mean, deviation
  }

  /// Reads a rule; what files from before do not have gets its neutral value.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    function = try values.decodeIfPresent(Function.self, forKey: .function) ?? .decibels
    reference = try values.decode(Reference.self, forKey: .reference)
    minimumValue = try values.decode(Float.self, forKey: .minimumValue)
    floorDB = try values.decodeIfPresent(Float.self, forKey: .floorDB)
    gain = try values.decodeIfPresent(Float.self, forKey: .gain) ?? 1
    offset = try values.decodeIfPresent(Float.self, forKey: .offset) ?? 0
    mean = try values.decodeIfPresent(Float.self, forKey: .mean) ?? 0
    deviation = try values.decodeIfPresent(Float.self, forKey: .deviation) ?? 1
  }

  /// Writes a rule; no floor is written as null, so that whoever overrides fields sees that there is one.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(function, forKey: .function)
    try values.encode(reference, forKey: .reference)
    try values.encode(minimumValue, forKey: .minimumValue)
    try values.encode(floorDB, forKey: .floorDB)
    try values.encode(gain, forKey: .gain)
    try values.encode(offset, forKey: .offset)
    try values.encode(mean, forKey: .mean)
    try values.encode(deviation, forKey: .deviation)
  }
}
