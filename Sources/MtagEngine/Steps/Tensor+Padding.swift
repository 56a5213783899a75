import MtagGraph

extension Tensor {
  /// Pixels of the whole batch: rows of the matrix `[rows, channelStride]`.
  var rows: Int { shape.batch * pixels }

  /// Writes zeros past the last channel of every pixel.
  func clearPadding(_ context: StepContext) {
    let padding = channelStride - shape.channels
    guard padding > 0 else { return }
    context.forPieces(rows, limit: 64, grain: 64) { _, range, _ in
      for row in range {
        (pointer + row * channelStride + shape.channels).update(repeating: 0, count: padding)
      }
    }
  }
}
