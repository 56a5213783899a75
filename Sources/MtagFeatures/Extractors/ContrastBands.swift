import MtagCore

/// Which bins belong to the bands of spectral contrast, and how many of each are its peak and its valley.
///
/// The lowest band ends at `lowestHz`, each following one an octave higher; both edges belong to a band, all but the lowest
/// take one more bin below, and the last reaches up to half the sample rate. The share that is taken is counted before the
/// topmost bin of all bands but the last is given up again: so librosa does.
package struct ContrastBands: Sendable {
  /// The bands, rising.
  package let bands: [Band]
  /// Where bands begin and end, in Hz: one more than there are bands.
  let edgesHz: [Float]

  /// One band.
  package struct Band: Sendable {
    /// Its lowest bin.
    package let firstBin: Int
    /// How many bins it has.
    package let binCount: Int
    /// How many bins are averaged for the peak, and for the valley.
    package let taken: Int
  }

  /// The largest `taken`.
  var largestTaken: Int { bands.map(\.taken).max() ?? 0 }

  /// - Throws: `MtagError` (usage) if a field is out of range or a band has no bin.
  package init(spec: FeatureSpec) throws {
    let settings = try spec.required(\.contrast, "contrast")
    let nyquistHz = Float(spec.sampleRateHz) / 2
    try spec.check("bands", spec.bands, in: 2...32)
    try spec.check("contrast.lowestHz", settings.lowestHz, in: 1e-3...nyquistHz)
    try spec.check("contrast.quantile", settings.quantile, in: 1e-6...0.999)
    let (hertzPerBin, lastBin) = (Double(spec.sampleRateHz) / Double(spec.fftSize), spec.fftSize / 2)
    // The number that was written: 0.02 of 75 bins is 1.5 and rounds to 2, but the nearest float lies below 0.02.
    let quantile = Double(String(describing: settings.quantile)) ?? Double(settings.quantile)
    var highHz = 0.0
    var edgesHz: [Float] = []
    bands = try (0..<spec.bands).map { band in
      let lowHz = highHz
      highHz = band == 0 ? Double(settings.lowestHz) : 2 * max(lowHz, Double(settings.lowestHz) / 2)
      guard lowHz < Double(nyquistHz) else {
        throw spec.invalid(
          "bands \(spec.bands) reach beyond \(nyquistHz) Hz; use fewer bands or a lower contrast.lowestHz")
      }
      edgesHz.append(Float(lowHz))
      let isLast = band == spec.bands - 1
      let first = Int((lowHz / hertzPerBin).rounded(.up))
      let last = isLast ? lastBin : min(Int((highHz / hertzPerBin).rounded(.down)), lastBin)
      let start = max(0, band > 0 ? first - 1 : first)
      let count = last - start + (isLast ? 1 : 0)
      guard first <= last, count > 0 else {
        throw spec.invalid(
          "no bin of fftSize \(spec.fftSize) lies between \(lowHz) and \(highHz) Hz; raise fftSize or contrast.lowestHz"
        )
      }
      let share = (quantile * Double(last - start + 1)).rounded(.toNearestOrEven)
      return Band(firstBin: start, binCount: count, taken: min(max(1, Int(share)), count))
    }
    self.edgesHz = edgesHz + [nyquistHz]
  }
}
