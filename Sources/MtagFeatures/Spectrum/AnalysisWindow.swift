import Foundation

extension FeatureSpec {
  /// The analysis window's values. A window of one sample is 1, as SciPy has it.
  package func analysisWindow() -> [Double] {
    guard windowLength > 1 else { return [1] }
    let period = Double(window == .hann ? windowLength : windowLength - 1)
    return (0..<windowLength).map { index in
      let hann = 0.5 - 0.5 * cos(2 * Double.pi * Double(index) / period)
      return window == .povey ? pow(hann, 0.85) : hann
    }
  }
}
