/// What `list` shows.
public struct Listing: Encodable, Sendable {
  /// An architecture with its costs for a clip of `Zoo.defaultClipSeconds` and `Zoo.defaultLabels` labels.
  public struct ModelRow: Encodable, Sendable {
    /// Its name.
    public let name: String
    /// One sentence.
    public let summary: String
    /// Trained values.
    public let parameters: Int
    /// Multiply-accumulates of the network.
    public let macs: Int
    /// Multiply-accumulates of the default front-end, estimated.
    public let frontEndMACs: Int
    /// Shortest clip that reaches the last layer without being repeated.
    public let minimumSeconds: Double
    /// What one value sees before pooling over time, in input frames.
    public let receptiveFieldFrames: Int
    /// The same, in seconds.
    public let receptiveFieldSeconds: Double

    enum CodingKeys: String, CodingKey {
      case name, summary, parameters, macs
      case frontEndMACs = "front_end_macs"
      case minimumSeconds = "minimum_seconds"
      case receptiveFieldFrames = "receptive_field_frames"
      case receptiveFieldSeconds = "receptive_field_seconds"
    }
  }

  /// A feature preset.
  public struct FeatureRow: Encodable, Sendable {
    /// Its name.
    public let name: String
    /// Other names of it.
    public let aliases: [String]
    /// What it is, in one line.
    public let summary: String
    /// Its extractor.
    public let extractor: String
    /// What that does.
    public let kind: String
    /// Rows of its maps.
    public let bands: Int
    /// Layers of its maps.
    public let channels: Int
    /// Sampling rate, in Hz.
    public let sampleRateHz: Int
    /// Length of the analysis window, in samples; nil if there is no single one.
    public let windowLength: Int?
    /// Samples from one frame to the next; nil if frames are samples.
    public let hopLength: Int?
    /// Multiply-accumulates for the default clip, estimated.
    public let macs: Int
    /// Its hash.
    public let sha256: String

    enum CodingKeys: String, CodingKey {
      case name, aliases, summary, extractor, kind, bands, channels, macs, sha256
      case sampleRateHz = "sample_rate_hz"
      case windowLength = "window_length"
      case hopLength = "hop_length"
    }
  }

  /// A data set that can be named.
  public struct DatasetRow: Encodable, Sendable {
    /// Its name.
    public let name: String
    /// One sentence.
    public let summary: String
  }

  /// Architectures, if asked for.
  public var models: [ModelRow]?
  /// Feature presets, if asked for.
  public var features: [FeatureRow]?
  /// Data sets, if asked for.
  public var datasets: [DatasetRow]?
}
