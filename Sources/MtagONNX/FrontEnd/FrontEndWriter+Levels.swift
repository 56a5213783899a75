import MtagFeatures

extension FrontEndWriter {
  /// Band values as levels, in the order of `FeatureSpec.Level`.
  mutating func levels(_ bands: String) -> String {
    let level = spec.level
    var x = bands
    if level.minimumValue > 0 {
      x = builder.add("Max", "frontend.least", [x, builder.number(level.minimumValue)])
    }
    x = builder.scaled(x, by: level.gain, "frontend.gain")
    x = builder.shifted(x, by: level.offset, "frontend.offset")
    switch level.function {
    case .linear: break
    case .naturalLogarithm: x = builder.add("Log", "frontend.logarithm", [x])
    case .logarithm10:
      x = builder.add("Log", "frontend.logarithm", [x])
      x = builder.scaled(x, by: Float(1 / Decades.naturalLogarithm), "frontend.logarithm-10")
    case .decibels:
      x = decibels(
        x, perDecade: 20 / spec.magnitudeExponent, isBelowMaximum: level.reference == .clipMaximum,
        floor: level.floorDB, "frontend")
    }
    x = builder.shifted(x, by: -level.mean, "frontend.mean")
    return builder.scaled(x, by: 1 / level.deviation, "frontend.deviation")
  }

  /// Decibels of `[batch, bands, frames]`.
  /// - Parameters:
  ///   - perDecade: what a factor of ten is worth.
  ///   - isBelowMaximum: whether 0 dB is the clip's maximum, and not 1.
  ///   - floor: how far below the clip's maximum values are clipped.
  mutating func decibels(
    _ x: String, perDecade: Float, isBelowMaximum: Bool, floor: Float?, _ name: String
  ) -> String {
    let factor = Float(Double(perDecade) / Decades.naturalLogarithm)
    let logarithm = builder.add("Log", "\(name).logarithm", [x])
    guard isBelowMaximum || floor != nil else {
      return builder.scaled(logarithm, by: factor, "\(name).decibels")
    }
    let maximum = builder.reduce("ReduceMax", "\(name).maximum", logarithm, axes: [1, 2])
    if isBelowMaximum {
      // The difference of logarithms, so that the maximum is 0 dB to the bit.
      let difference = builder.add("Sub", "\(name).below-maximum", [logarithm, maximum])
      let decibels = builder.scaled(difference, by: factor, "\(name).decibels")
      guard let floor else { return decibels }
      return builder.add("Max", "\(name).floor", [decibels, builder.number(-floor)])
    }
    let decibels = builder.scaled(logarithm, by: factor, "\(name).decibels")
    let loudest = builder.scaled(maximum, by: factor, "\(name).maximum-decibels")
    let least = builder.shifted(loudest, by: -(floor ?? 0), "\(name).least-decibels")
    return builder.add("Max", "\(name).floor", [decibels, least])
  }
}
