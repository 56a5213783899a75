/// `0.3 %`
func percent(_ share: Double) -> String { "\(String(rounding: 100 * share, digits: 1)) %" }

extension String {
  /// A number with a fixed count of decimals.
  package init(rounding value: Double, digits: Int) {
    guard value.isFinite, abs(value) < 1e15 else {
      self = "\(value)"
      return
    }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard digits > 0, scaled < 1e18 else {
      self = sign + "\(Int(scaled / scale))"
      return
    }
    let whole = Int(scaled) / Int(scale)
    let rest = String(Int(scaled) % Int(scale))
    self = "\(sign)\(whole).\(String(repeating: "0", count: digits - rest.count))\(rest)"
  }
}
