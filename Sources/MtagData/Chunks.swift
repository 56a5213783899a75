public import MtagCore

/// Cuts a clip's map into the pieces that a network sees.
public enum Chunks {
  /// At most `count` chunks of `frames` frames, evenly spaced from the first frame to the last; each `[bands, frames]`.
  ///
  /// A clip that is shorter than a chunk gives one, filled by repeating the clip from its start. A clip that is barely
  /// longer gives fewer than `count`, because no two chunks are the same.
  public static func evenlySpaced(_ map: FeatureMap, frames: Int, count: Int) -> [[Float]] {
    precondition(frames >= 1 && count >= 1, "\(count) chunks of \(frames) frames must both be ≥ 1")
    return starts(mapFrames: map.frames, frames: frames, count: count).map { start in
      [Float](unsafeUninitializedCapacity: map.bands * frames) { buffer, filled in
        cut(map, start: start, frames: frames, mean: 0, deviation: 1, into: buffer)
        filled = map.bands * frames
      }
    }
  }

  /// The first frames of the chunks of a clip, ascending.
  package static func starts(mapFrames: Int, frames: Int, count: Int) -> [Int] {
    let last = max(0, mapFrames - frames)
    let count = min(count, last + 1)
    guard count > 1 else { return [last / 2] }
    return (0..<count).map { $0 * last / (count - 1) }
  }

  /// Copies `[bands, frames]` from a start frame on, standardised; past the clip's end it starts over.
  package static func cut(
    _ map: FeatureMap, start: Int, frames: Int, mean: Float, deviation: Float,
    into target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      target.count >= map.bands * frames, "\(target.count) values cannot hold \(map.bands) × \(frames)")
    guard map.frames > 0 else { return }
    map.values.withUnsafeBufferPointer { values in
      guard let values = values.baseAddress, let target = target.baseAddress else { return }
      for band in 0..<map.bands {
        var source = start % map.frames
        var done = 0
        // In runs without a turn, so that the loop over a run becomes SIMD.
        while done < frames {
          let run = min(frames - done, map.frames - source)
          let (x, y) = (values + band * map.frames + source, target + band * frames + done)
          for i in 0..<run { y[i] = (x[i] - mean) / deviation }
          done += run
          source = 0
        }
      }
    }
  }
}
