import MtagGraph

/// Copies a value for a step that will overwrite it.
final class CopyStep: Step {
  let tensors: StepTensors

  init(_ tensors: StepTensors) { self.tensors = tensors }

  func forward(_ context: StepContext) {
    let (source, target) = (input, output)
    let (stride, copyStride) = (source.channelStride, target.channelStride)
    guard stride != copyStride else {
      context.forPieces(target.count, limit: 64, grain: 4096) { _, range, _ in
        (target.pointer + range.lowerBound).update(
          from: source.pointer + range.lowerBound, count: range.count)
      }
      return
    }
    // The network's input may stand unpadded.
    context.forPieces(target.shape.batch * target.pixels, limit: 64) { _, range, _ in
      for pixel in range {
        let place = target.pointer + pixel * copyStride
        place.update(repeating: 0, count: copyStride)
        place.update(from: source.pointer + pixel * stride, count: target.shape.channels)
      }
    }
  }

  func backward(_ context: StepContext) {}
}
