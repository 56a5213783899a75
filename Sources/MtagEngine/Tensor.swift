import MtagGraph

/// A value of the network in the arena: `[batch, bands, frames, channelStride]`, of which `shape.channels` channels count.
///
/// Pixels are padded to whole SIMD registers; the padding holds zeros, so that the hot loops have no rests. Only the network's
/// input may stand unpadded, with one channel.
final class Tensor {
  let shape: TensorShape
  /// Floats from one pixel to the next.
  let channelStride: Int
  /// When it is first written and last read, on the plan's clock.
  var lifetime: ClosedRange<Int>
  private var place: UnsafeMutablePointer<Float>?

  init(shape: TensorShape, channelStride: Int? = nil, lifetime: ClosedRange<Int>) {
    self.shape = shape
    self.channelStride = channelStride ?? Self.padded(shape.channels)
    self.lifetime = lifetime
  }

  /// Floats of memory.
  var count: Int { shape.batch * shape.bands * shape.frames * channelStride }
  /// Whether it is sure to have left the caches before it is read again as a whole.
  var isLargerThanCaches: Bool { count > Self.cacheFloats }
  private static let cacheFloats = 4 << 20
  /// Pixels of one clip.
  var pixels: Int { shape.bands * shape.frames }

  /// Channels rounded up to the widest register.
  static func padded(_ channels: Int) -> Int { (channels + 15) / 16 * 16 }

  /// Where it stands in memory.
  var pointer: UnsafeMutablePointer<Float> {
    guard let place else { preconditionFailure("a tensor is used before the arena placed it") }
    return place
  }

  /// Fills it with zeros.
  func clear(_ context: StepContext) {
    context.forPieces(count, limit: 64, grain: 4096) { _, range, _ in
      (pointer + range.lowerBound).update(repeating: 0, count: range.count)
    }
  }

  /// The arena's word on where it stands.
  func put(at place: UnsafeMutablePointer<Float>) { self.place = place }
}
