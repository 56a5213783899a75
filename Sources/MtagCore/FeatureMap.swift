/// A feature map of one clip: `[bands, frames]`, band-major (all frames of band 0, then of band 1, …).
///
/// Band 0 is the lowest in frequency. Values are in the unit that the map's `FeatureSpec` says (dB for the mel presets).
public struct FeatureMap: Sendable, Hashable {
  /// Rows: mel bands, or whatever the extractor calls its vertical axis.
  public let bands: Int
  /// Columns: time frames.
  public let frames: Int
  /// `bands * frames` values, band-major.
  public var values: [Float]

  /// Makes a map from its values.
  public init(bands: Int, frames: Int, values: [Float]) {
    precondition(values.count == bands * frames, "\(values.count) values are not \(bands) × \(frames)")
    self.bands = bands
    self.frames = frames
    self.values = values
  }

  /// The value of one band at one frame.
  public subscript(band: Int, frame: Int) -> Float { values[band * frames + frame] }
}
