extension FeatureSpec {
  /// How band values `v` become levels `y`, in this order:
  ///
  /// 1. `u = gain · max(v, minimumValue) + offset`
  /// 2. decibels: `y = k log10(u / reference)` with k = 10 for power and 20 for magnitude, and never more than `floorDB`
  ///    below the clip's maximum; naturalLogarithm: `y = ln u`; logarithm10: `y = log10 u`; linear: `y = u`
  /// 3. `(y - mean) / deviation`
  public struct Level: Hashable, Sendable {
    /// The law.
    public var function: Function = .decibels
    /// What 0 dB is; read by decibels alone.
    public var reference: Reference = .one
    /// Values below this are taken as this (power or magnitude, as the spec says).
    public var minimumValue: Float
    /// How far below the clip's maximum values are clipped, in dB; nil for no floor. Read by decibels alone.
    public var floorDB: Float?
    /// Multiplies the value inside the logarithm.
    public var gain: Float = 1
    /// Is added to the value inside the logarithm.
    public var offset: Float = 0
    /// Is subtracted from the level.
    public var mean: Float = 0
    /// Divides what is left.
    public var deviation: Float = 1

    /// The law that turns values into levels.
    public enum Function: String, Codable, CaseIterable, Sendable {
      case decibels
      case naturalLogarithm = "natural-logarithm"
      case logarithm10 = "logarithm-10"
      case linear
    }

    /// What 0 dB is: the clip's maximum, or the value 1.
    public enum Reference: String, Codable, CaseIterable, Sendable {
      case clipMaximum = "clip-maximum"
      case one
    }

    /// Makes a rule in dB.
    public init(reference: Reference, minimumValue: Float, floorDB: Float?) {
      self.reference = reference
      self.minimumValue = minimumValue
      self.floorDB = floorDB
    }

    /// Makes any rule.
    public init(
      function: Function, minimumValue: Float, gain: Float = 1, offset: Float = 0, mean: Float = 0,
      deviation: Float = 1
    ) {
      self.function = function
      self.minimumValue = minimumValue
      self.gain = gain
      self.offset = offset
      self.mean = mean
      self.deviation = deviation
    }
  }
}

extension FeatureSpec.Level {
  /// The unit of levels, for people. Halved or doubled dB are dB still.
  var unit: String {
    switch function {
    case .decibels where mean == 0: "dB"
    case _ where mean != 0 || deviation != 1: "standardised"
    case .decibels: "dB"
    case .naturalLogarithm: "ln"
    case .logarithm10: "log10"
    case .linear: ""
    }
  }
}
