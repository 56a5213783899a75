import Foundation
import MtagCore

/// Triangles over the bins of a transform whose corners are equal steps of an octave around a' = 440 Hz.
///
/// Each step is put on the nearest bin; steps that fall on the same bin count once, so that low bands are as wide as the
/// transform resolves. Each triangle reaches from the centre of the band below to that of the band above and sums to one. So
/// does madmom 0.17's `LogarithmicFilterbank` with its default settings, given all bins up to half the sample rate.
struct LogFilterbank: Sendable {
  let bank: SparseBank
  /// The frequencies of the triangles' peaks.
  let centresHz: [Float]

  /// - Throws: `MtagError` (usage) if a field is out of range.
  init(spec: FeatureSpec) throws {
    let corners = try Self.centreBins(of: spec)
    let hertzPerBin = Double(spec.sampleRateHz) / Double(spec.fftSize)
    bank = SparseBank(
      (0..<(corners.count - 2)).map { band in
        let (low, middle, high) = (corners[band], corners[band + 1], corners[band + 2])
        // The lowest bin has no weight.
        let triangle = (low + 1..<high).map { bin in
          bin < middle
            ? Double(bin - low) / Double(middle - low) : 1 - Double(bin - middle) / Double(high - middle)
        }
        let sum = triangle.reduce(0, +)
        return (low + 1, triangle.map { Float($0 / sum) })
      })
    centresHz = corners.dropFirst().dropLast().map { Float(Double($0) * hertzPerBin) }
  }

  /// The bins of the triangles' corners, rising: two more than there are bands.
  /// - Throws: `MtagError` (usage) if a field is out of range or no band is left.
  static func centreBins(of spec: FeatureSpec) throws -> [Int] {
    let settings = try spec.required(\.logFrequency, "logFrequency")
    try spec.check("logFrequency.bandsPerOctave", settings.bandsPerOctave, in: 1...240)
    try spec.check("minimumHz", spec.minimumHz, in: 0.01...Float(spec.sampleRateHz) / 2)
    let steps = Double(settings.bandsPerOctave)
    let first = (log2(Double(spec.minimumHz) / 440) * steps - roundingAllowance).rounded(.up)
    let last = (log2(Double(spec.maximumHz) / 440) * steps + roundingAllowance).rounded(.down)
    var bins: [Int] = []
    for step in stride(from: first, through: last, by: 1) {
      let position = 440 * exp2(step / steps) * Double(spec.fftSize) / Double(spec.sampleRateHz)
      // A tie goes up, as madmom has it.
      let bin = min(Int((position + 0.5).rounded(.down)), spec.fftSize / 2)
      if bin != bins.last { bins.append(bin) }
    }
    let largest = min(4096, 64 * spec.hopLength)
    guard (3...(largest + 2)).contains(bins.count) else {
      throw spec.invalid(
        "\(settings.bandsPerOctave) bands an octave from \(spec.minimumHz) to \(spec.maximumHz) Hz make "
          + "\(max(0, bins.count - 2)) bands on the bins of fftSize \(spec.fftSize); there must be 1 ... \(largest)"
      )
    }
    return bins
  }

  /// So that a limit that is a step itself, 440 Hz or 27.5 Hz, is inside.
  private static let roundingAllowance = 1e-9
}
