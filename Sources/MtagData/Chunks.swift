public import MtagCore

/// Cuts a clip's map into the chunks that are scored.
public enum Chunks {
  /// At most `count` chunks of `frames` frames, evenly spaced from the first frame to the last; each `[bands, frames]`.
  /// A clip shorter than a chunk gives one, filled by repeating the clip.
  public static func evenlySpaced(_ map: FeatureMap, frames: Int, count: Int) -> [[Float]] { [] }
}
