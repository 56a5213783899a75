import MtagCore
import MtagKernelTypes

/// Pre-emphasis over a clip that arrives in blocks: `y[n] = x[n + 1] - a x[n]`, one sample fewer than there are. Hands blocks on
/// as they are if there is none.
struct ClipEmphasis: ~Copyable {
  private let kernels: FeatureKernels
  /// 0 for none.
  private let coefficient: Float
  /// The last sample so far, then the piece of a block that is worked on.
  private let piece: AlignedBuffer
  private var hasStarted = false

  /// Samples worked on at once: 16 KiB.
  private static let pieceCount = 4096

  init(spec: FeatureSpec, kernels: FeatureKernels) {
    self.kernels = kernels
    coefficient = spec.emphasizesClip ? spec.preEmphasis : 0
    piece = AlignedBuffer(count: coefficient == 0 ? 1 : Self.pieceCount + 1)
  }

  /// Works on the next block and hands the result on, in pieces that are valid during the call.
  mutating func push(
    _ block: UnsafeBufferPointer<Float>, _ body: (UnsafeBufferPointer<Float>) throws -> Void
  ) rethrows {
    guard coefficient != 0 else { return try body(block) }
    guard let base = block.baseAddress else { return }
    var offset = 0
    if !hasStarted, block.count > 0 {
      hasStarted = true
      piece.pointer[0] = base[0]
      offset = 1
    }
    while offset < block.count {
      let count = min(Self.pieceCount, block.count - offset)
      (piece.pointer + 1).update(from: base + offset, count: count)
      let last = piece.pointer[count]
      kernels.emphasize(piece.pointer, piece.pointer, count, coefficient)
      try body(UnsafeBufferPointer(start: piece.pointer, count: count))
      piece.pointer[0] = last
      offset += count
    }
  }
}
