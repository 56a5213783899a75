/// How far two maps of one clip lie apart, in dB.
public struct MapDistance: Encodable, Sendable {
  /// Root of the mean square of all differences.
  public let rmsDB: Double
  /// Mean of the differences: a plain gain, which a standardisation takes away.
  public let meanDB: Double
  /// Root of the mean square once the mean is taken away.
  public let shapeDB: Double
  /// The largest difference.
  public let largestDB: Double

  enum CodingKeys: String, CodingKey {
    case rmsDB = "rms_db"
    case meanDB = "mean_db"
    case shapeDB = "rms_without_mean_db"
    case largestDB = "max_db"
  }
}

/// What each difference between two specs is worth on one clip.
public struct FeatureDifference: Encodable, Sendable {
  /// One field, or a few that only make sense together.
  public struct Step: Encodable, Sendable {
    /// The fields that change.
    public let fields: [Change]
    /// How far the map moves when they do.
    public let distance: MapDistance
  }

  /// A field's values before and after.
  public struct Change: Encodable, Sendable {
    /// Its name.
    public let name: String
    /// As the first spec has it.
    public let from: String
    /// As the second has it.
    public let to: String
  }

  /// Name of the first spec.
  public let first: String
  /// Name of the second spec.
  public let second: String
  /// The clip.
  public let clip: String
  /// The steps of the way, that with the largest distance first.
  public let steps: [Step]
  /// From the first spec straight to the second; less than the sum of the steps, as a rule.
  public let total: MapDistance
}
