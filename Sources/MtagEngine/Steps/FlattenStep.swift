import MtagGraph

/// Bands put into the channels or into the frames.
final class FlattenStep: Step {
  let tensors: StepTensors
  private let kind: Operation.Flattening

  init(_ tensors: StepTensors, kind: Operation.Flattening) {
    self.tensors = tensors
    self.kind = kind
  }

  func forward(_ context: StepContext) {
    // Bands that become frames stand in memory as they should.
    guard kind == .bandsIntoChannels else { return copy(input, to: output, context) }
    forValues(context) { output.pointer[$0] = input.pointer[$1] }
    context.forPixels(of: output) { output.clearPadding(of: $0) }
  }

  func backward(_ context: StepContext) {
    guard let inputGradient, let outputGradient else { return }
    guard kind == .bandsIntoChannels else { return copy(outputGradient, to: inputGradient, context) }
    forValues(context) { inputGradient.pointer[$1] = outputGradient.pointer[$0] }
    context.forPixels(of: inputGradient) { inputGradient.clearPadding(of: $0) }
  }

  private func copy(_ source: Tensor, to target: Tensor, _ context: StepContext) {
    context.forPieces(target.count, limit: 64, grain: 4096) { _, range, _ in
      (target.pointer + range.lowerBound).update(
        from: source.pointer + range.lowerBound, count: range.count)
    }
  }

  /// Calls `body` with the places of every value, after and before. Channel c of band b becomes channel c · bands + b.
  private func forValues(_ context: StepContext, _ body: (_ flat: Int, _ place: Int) -> Void) {
    let shape = input.shape
    context.forPieces(shape.batch * shape.frames, limit: 64) { _, range, _ in
      for pixel in range {
        let (image, frame) = (pixel / shape.frames, pixel % shape.frames)
        for band in 0..<shape.bands {
          let source = ((image * shape.bands + band) * shape.frames + frame) * input.channelStride
          let target = pixel * output.channelStride + band
          for channel in 0..<shape.channels { body(target + channel * shape.bands, source + channel) }
        }
      }
    }
  }
}
