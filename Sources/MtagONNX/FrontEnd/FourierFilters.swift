import Foundation
import MtagCore
import MtagFeatures

/// A spec's window and Fourier transform as filters of a convolution: window × cosine for each bin, then window × sine.
///
/// What a spec does within a frame before its window (taking the mean off, pre-emphasis) is linear, so it is part of the filters.
/// They are computed in double precision and rounded once.
struct FourierFilters {
  /// `[2 · bins, taps]`, row-major.
  let values: [Float]
  /// Taps of a filter.
  let taps: Int

  /// Half a gigabyte: a spec may come from a stranger's file.
  private static let largestCount = 1 << 27

  /// - Parameters:
  ///   - bins: which bins of the transform.
  ///   - frameLength: taps; the window is surrounded by zeros. Nil trims the filters to the window.
  /// - Throws: `MtagError` (usage) if there were too many values.
  init(spec: FeatureSpec, bins: Range<Int>, frameLength: Int? = nil) throws {
    let taps = frameLength ?? spec.windowLength
    guard 2 * bins.count * taps <= Self.largestCount else {
      throw MtagError(
        .usage,
        "feature spec '\(spec.name)': \(2 * bins.count) filters of \(taps) taps are too many for a convolution; use --stft "
          + "operator")
    }
    let (window, size) = (spec.analysisWindow(), spec.fftSize)
    let offset = frameLength == nil ? 0 : FrameLayout(spec: spec).windowOffset
    let circle = (0..<size).map { 2 * Double.pi * Double($0) / Double(size) }
    let tables = [circle.map { cos($0) }, circle.map { sin($0) }]
    var values = [Float](repeating: 0, count: 2 * bins.count * taps)
    var row = 0
    for table in tables {
      for bin in bins {
        let plain = window.indices.map { window[$0] * table[bin * $0 % size] }
        let filter = Self.withFrameSteps(plain, spec)
        for (index, value) in filter.enumerated() { values[row * taps + offset + index] = Float(value) }
        row += 1
      }
    }
    self.values = values
    self.taps = taps
  }

  /// The filter that gives on a frame as it is what this one gives on the frame without its mean and with pre-emphasis. The first
  /// sample stands in for the one before it.
  private static func withFrameSteps(_ filter: [Double], _ spec: FeatureSpec) -> [Double] {
    var result = filter
    let factor = Double(spec.frameEmphasis)
    if factor != 0 {
      for index in 0..<(filter.count - 1) { result[index] -= factor * filter[index + 1] }
      result[0] -= factor * filter[0]
    }
    if spec.removesFrameMean {
      let mean = result.reduce(0, +) / Double(result.count)
      for index in result.indices { result[index] -= mean }
    }
    return result
  }
}
