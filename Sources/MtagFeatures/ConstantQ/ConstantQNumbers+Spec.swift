import MtagCore

extension ConstantQNumbers {
  /// Takes the numbers of a spec, which has been validated as far as all extractors read it.
  /// - Throws: `MtagError` (usage) naming what is out of range, and the remedy.
  init(spec: FeatureSpec) throws {
    guard let fields = spec.constantQ else {
      throw spec.invalid("extractor \(spec.extractor) needs constantQ; begin with the preset cqt")
    }
    try spec.check("constantQ.bandsPerOctave", fields.bandsPerOctave, in: 1...1200)
    try spec.check("constantQ.filterScale", fields.filterScale, in: 0.01...100)
    try spec.check("constantQ.gammaHz", fields.gammaHz, in: 0...Float(spec.sampleRateHz))
    try spec.check("constantQ.sparsity", fields.sparsity, in: 0...0.99)
    try spec.check("constantQ.harmonics' count", fields.harmonics.count, in: 1...64)
    for harmonic in fields.harmonics { try spec.check("constantQ.harmonics:", harmonic, in: 0.01...100) }
    let rows = spec.bands * fields.harmonics.count
    try spec.check("bands times harmonics", rows, in: 1...min(16_384, 64 * spec.hopLength))
    try spec.check("minimumHz", spec.minimumHz, in: 0.1...Float(spec.sampleRateHz) / 2)
    guard spec.magnitudeExponent == 1 || spec.magnitudeExponent == 2 else {
      throw spec.invalid("magnitudeExponent \(spec.magnitudeExponent) must be 1 (magnitude) or 2 (power)")
    }
    guard spec.preEmphasis == 0 else {
      throw spec.invalid("preEmphasis \(spec.preEmphasis) must be 0 for extractor \(spec.extractor)")
    }
    sampleRateHz = Double(spec.sampleRateHz)
    hopLength = spec.hopLength
    minimumHz = Double(spec.minimumHz)
    bands = spec.bands
    bandsPerOctave = fields.bandsPerOctave
    gammaHz = Double(fields.gammaHz)
    filterScale = Double(fields.filterScale)
    sparsity = Double(fields.sparsity)
    harmonics = fields.harmonics.map(Double.init)
    // If the highest fits, all do.
    try checkTop(harmonics.max() ?? 1, spec)
    try checkLengths(spec)
  }

  /// Refuses bands beyond half the sample rate.
  private func checkTop(_ harmonic: Double, _ spec: FeatureSpec) throws {
    let nyquistHz = sampleRateHz / 2
    let frequencies = frequenciesHz(harmonic: harmonic)
    let reachHz = cutoffHz(frequencyHz: frequencies.last ?? minimumHz)
    guard reachHz > nyquistHz else { return }
    let fitting = frequencies.count { cutoffHz(frequencyHz: $0) <= nyquistHz }
    var remedies = [fitting > 0 ? "take at most \(fitting) bands" : "lower minimumHz"]
    let largest = harmonic * (nyquistHz - 0.5 * gammaHz) / (reachHz - 0.5 * gammaHz)
    if harmonics.count > 1, largest >= 0.01 {
      remedies.append("harmonics up to \((largest * 100).rounded(.down) / 100)")
    }
    throw spec.invalid(
      "\(bands) bands of harmonic \(harmonic) of minimumHz \(minimumHz) reach \(reachHz < 1e9 ? "\(Int(reachHz)) Hz" : "far"), beyond"
        + " \(nyquistHz), half of sampleRateHz; \(remedies.joined(separator: " or "))")
  }

  /// Refuses filters that are no filters, and such as would need absurd memory or hours to be made.
  private func checkLengths(_ spec: FeatureSpec) throws {
    var values = 0
    for octave in ConstantQLayout(self).octaves {
      let rateHz = sampleRateHz / Double(octave.factor)
      let lengths = octave.frequenciesHz.map { filterLength(frequencyHz: $0, rateHz: rateHz) }
      let (shortest, longest) = (lengths.min() ?? 0, lengths.max() ?? 0)
      guard shortest >= 2 else {
        throw spec.invalid(
          "a filter is \(shortest) samples long; raise constantQ.filterScale \(filterScale) or lower gammaHz")
      }
      guard longest <= Double(FeatureSpec.largestFFTSize) else {
        throw spec.invalid(
          "a filter is \(longest < 1e15 ? String(Int(longest)) : "far too many") samples long, more than "
            + "\(FeatureSpec.largestFFTSize); lower constantQ.filterScale or bandsPerOctave, raise minimumHz"
            + " \(minimumHz), or take a hopLength that can be halved once an octave")
      }
      values += ConstantQBank.fftSize(longest: longest) / 2 * lengths.count
    }
    guard values <= Self.mostFilterValues else {
      throw spec.invalid(
        "its filters have \(values) values, more than \(Self.mostFilterValues); take fewer bands, or a hopLength that"
          + " can be halved once an octave")
    }
  }

  /// 256 MiB, and some seconds of computing.
  private static let mostFilterValues = 33_554_432
}
