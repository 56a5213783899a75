import Foundation
import MtagCore

/// A waveform over equal stretches of time: least and greatest value and root mean square of each.
struct Envelope {
  /// One stretch.
  struct Stretch {
    var least: Float = .infinity
    var greatest: Float = -.infinity
    var meanSquare = 0.0
  }

  /// From the first to the last; never empty.
  let stretches: [Stretch]
  /// The greatest magnitude of all.
  let peak: Float

  private static let blockLength = 65_536

  /// Reads one channel of a map's first band, block by block.
  /// - Parameter count: stretches that are wanted; there are never more than frames.
  init(_ map: FeatureMap, channel: Int, count: Int) {
    let (frames, channels) = (map.frames, map.channels)
    let count = max(min(count, frames), 1)
    var stretches = [Stretch](repeating: Stretch(), count: count)
    let framesPerBlock = max(Self.blockLength / channels, 1)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: framesPerBlock * channels) { block in
      for start in stride(from: 0, to: frames, by: framesPerBlock) {
        let length = min(framesPerBlock, frames - start)
        map.read(start * channels..<(start + length) * channels, into: block)
        for frame in 0..<length {
          let value = block[frame * channels + channel]
          let index = (start + frame) * count / frames
          stretches[index].least = min(stretches[index].least, value)
          stretches[index].greatest = max(stretches[index].greatest, value)
          stretches[index].meanSquare += Double(value) * Double(value)
        }
      }
    }
    for index in stretches.indices {
      let (first, next) = ((index * frames + count - 1) / count, ((index + 1) * frames + count - 1) / count)
      stretches[index].meanSquare /= Double(max(next - first, 1))
    }
    self.stretches = stretches
    peak = stretches.reduce(0) { max($0, abs($1.least), abs($1.greatest)) }
  }
}
