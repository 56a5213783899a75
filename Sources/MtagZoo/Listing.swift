/// What `list` shows.
public struct Listing: Encodable, Sendable {
  /// An architecture with its costs for one input of `Zoo.defaultLabels` labels: its own features and its own chunk, or a clip of
  /// `Zoo.defaultClipSeconds` where its card names no chunk.
  public struct ModelRow: Encodable, Sendable {
    /// Its name.
    public let name: String
    /// One sentence.
    public let summary: String
    /// The features it was made for.
    public let features: String
    /// Frames of the input that costs are given for.
    public let inputFrames: Int
    /// The same, in seconds.
    public let inputSeconds: Double
    /// Trained values.
    public let parameters: Int
    /// Multiply-accumulates of the network for that input.
    public let macs: Int
    /// Multiply-accumulates of its features for that input, estimated.
    public let frontEndMACs: Int
    /// Shortest input that reaches the last layer.
    public let minimumFrames: Int
    /// Shortest clip that does so without being repeated.
    public let minimumSeconds: Double
    /// What one value sees before pooling over time, in input frames; nil for everything.
    public let receptiveFieldFrames: Int?
    /// The same, in seconds of sound.
    public let receptiveFieldSeconds: Double?

    enum CodingKeys: String, CodingKey {
      case name, summary, features, parameters, macs
      case inputFrames = "input_frames"
      case inputSeconds = "input_seconds"
      case frontEndMACs = "front_end_macs"
      case minimumFrames = "minimum_frames"
      case minimumSeconds = "minimum_seconds"
      case receptiveFieldFrames = "receptive_field_frames"
      case receptiveFieldSeconds = "receptive_field_seconds"
    }

    /// Writes every key; what is nil is null, so that a field without limit is not mistaken for one that is not known.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(name, forKey: .name)
      try container.encode(summary, forKey: .summary)
      try container.encode(features, forKey: .features)
      try container.encode(inputFrames, forKey: .inputFrames)
      try container.encode(inputSeconds, forKey: .inputSeconds)
      try container.encode(parameters, forKey: .parameters)
      try container.encode(macs, forKey: .macs)
      try container.encode(frontEndMACs, forKey: .frontEndMACs)
      try container.encode(minimumFrames, forKey: .minimumFrames)
      try container.encode(minimumSeconds, forKey: .minimumSeconds)
      try container.encode(receptiveFieldFrames, forKey: .receptiveFieldFrames)
      try container.encode(receptiveFieldSeconds, forKey: .receptiveFieldSeconds)
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
