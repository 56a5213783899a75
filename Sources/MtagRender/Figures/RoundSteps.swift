import Foundation

/// Round numbers for axes: 1, 2 or 5 times a power of ten.
enum RoundSteps {
  /// The smallest round step that is at least `least`.
  static func step(atLeast least: Double) -> Double {
    guard least > 0, least.isFinite else { return 1 }
    let power = pow(10, floor(log10(least)))
    return power * ([1, 2, 5].first { $0 * power >= least * (1 - 1e-9) } ?? 10)
  }

  /// The multiples of a step within a range, at most a thousand.
  static func multiples(of step: Double, from low: Double, to high: Double) -> [Double] {
    let slack = 1e-9
    let (first, last) = ((low / step - slack).rounded(.up), (high / step + slack).rounded(.down))
    guard first.isFinite, last.isFinite, first <= last, last - first < 1000 else { return [] }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// A multiple of `step` with the decimals that the step needs and a true minus sign.
  static func text(_ value: Double, step: Double) -> String {
    // 12 digits: beyond them a Float has nothing to say.
    let decimals = min(max(0, Int((-log10(step) - 1e-9).rounded(.up))), 12)
    if abs(value) < step / 2 { return "0" }
    guard abs(value) < 1e7, decimals < 6 else {
      return signed(String(format: "%.3g", value))
    }
    return signed(String(format: "%.\(decimals)f", value))
  }

  /// A number with at most three significant digits.
  static func brief(_ value: Double) -> String { value == 0 ? "0" : signed(String(format: "%.3g", value)) }

  private static func signed(_ text: String) -> String { text.replacing("-", with: "\u{2212}") }
}
