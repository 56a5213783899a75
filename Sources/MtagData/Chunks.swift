public import MtagCore

/// Cuts a clip's map into the pieces that a network sees.
public enum Chunks {
  /// At most `count` chunks of `frames` frames, evenly spaced from the first frame to the last; each `[bands, frames, channels]`.
  ///
  /// A clip that is shorter than a chunk gives one, filled by repeating the clip from its start. A clip that is barely
  /// longer gives fewer than `count`, because no two chunks are the same.
  public static func evenlySpaced(_ map: FeatureMap, frames: Int, count: Int) -> [[Float]] {
    precondition(frames >= 1 && count >= 1, "\(count) chunks of \(frames) frames must both be ≥ 1")
    return starts(mapFrames: map.frames, frames: frames, count: count).map { start in
      let count = map.bands * frames * map.channels
      return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
        cut(map, start: start, frames: frames, mean: 0, deviation: 1, into: buffer)
        filled = count
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

  /// Copies `[bands, frames, channels]` from a start frame on, standardised; past the clip's end it starts over.
  package static func cut(
    _ map: FeatureMap, start: Int, frames: Int, mean: Float, deviation: Float,
    into target: UnsafeMutableBufferPointer<Float>
  ) {
    let size = frames * map.channels
    precondition(
      target.count >= map.bands * size,
      "\(target.count) values cannot hold \(map.bands) × \(frames) × \(map.channels)")
    guard map.frames > 0 else { return }
    for band in 0..<map.bands {
      var source = start % map.frames
      var done = 0
      while done < frames {
        let run = min(frames - done, map.frames - source)
        let first = (band * map.frames + source) * map.channels
        let place = band * size + done * map.channels
        let row = UnsafeMutableBufferPointer(rebasing: target[place..<(place + run * map.channels)])
        map.read(first..<(first + row.count), into: row)
        for index in row.indices { row[index] = (row[index] - mean) / deviation }
        done += run
        source = 0
      }
    }
  }
}
