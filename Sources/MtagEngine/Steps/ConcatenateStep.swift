import MtagGraph

/// Values one behind the other along an axis.
final class ConcatenateStep: Step {
  let tensors: StepTensors
  private let axis: Operation.Axis

  init(_ tensors: StepTensors, axis: Operation.Axis) {
    self.tensors = tensors
    self.axis = axis
  }

  func forward(_ context: StepContext) {
    guard axis != .channels else { return joinChannels(context) }
    forBlocks(context) { whole, index, place, count in
      (output.pointer + whole).update(from: inputs[index].pointer + place, count: count)
    }
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    guard axis != .channels else { return splitChannels(outputGradient, context) }
    forBlocks(context) { whole, index, place, count in
      guard let gradient = inputGradients[index] else { return }
      (gradient.pointer + place).update(from: outputGradient.pointer + whole, count: count)
    }
  }

  /// Calls `body` with the places of each run of values that stands together in the whole and in one of the inputs.
  private func forBlocks(
    _ context: StepContext, _ body: (_ whole: Int, _ index: Int, _ place: Int, _ count: Int) -> Void
  ) {
    let blocks = output.shape.batch * (axis == .frames ? output.shape.bands : 1)
    let wholeSize = output.count / blocks
    context.forPieces(blocks, limit: 64) { _, range, _ in
      for block in range {
        var offset = block * wholeSize
        for index in inputs.indices {
          let size = inputs[index].count / blocks
          body(offset, index, block * size, size)
          offset += size
        }
      }
    }
  }

  private func joinChannels(_ context: StepContext) {
    context.forPixels(of: output) { pixels in
      var offset = 0
      for part in inputs {
        let count = part.shape.channels
        for pixel in pixels {
          (output.pointer + pixel * output.channelStride + offset).update(
            from: part.pointer + pixel * part.channelStride, count: count)
        }
        offset += count
      }
      output.clearPadding(of: pixels)
    }
  }

  private func splitChannels(_ gradient: Tensor, _ context: StepContext) {
    context.forPixels(of: output) { pixels in
      var offset = 0
      for (index, part) in inputGradients.enumerated() {
        if let part {
          for pixel in pixels {
            (part.pointer + pixel * part.channelStride).update(
              from: gradient.pointer + pixel * gradient.channelStride + offset, count: part.shape.channels)
          }
          part.clearPadding(of: pixels)
        }
        offset += inputs[index].shape.channels
      }
    }
  }
}
