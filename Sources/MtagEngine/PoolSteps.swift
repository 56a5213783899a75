import MtagCore
import MtagGraph

/// Maximum over windows of any size, where it is not fused with a batch norm. The gradient goes to a window's first maximum.
final class MaxPoolStep: Step {
  let tensors: StepTensors
  private let attributes: Operation.Pool

  init(
    _ tensors: StepTensors,
    attributes: Operation.Pool
  ) {
    self.tensors = tensors
    self.attributes = attributes
  }

  func forward(_ context: StepContext) {
    let stride = output.channelStride
    context.executor.forEach(chunks: output.shape.batch * output.shape.bands) { row, _ in
      for frame in 0..<output.shape.frames {
        let y = output.pointer + (row * output.shape.frames + frame) * stride
        y.update(repeating: -.infinity, count: stride)
        forWindow(row, frame) { x in
          for channel in 0..<stride where input.pointer[x + channel] > y[channel] {
            y[channel] = input.pointer[x + channel]
          }
        }
      }
    }
  }

  func backward(_ context: StepContext) {
    guard let inputGradient, let outputGradient else { return }
    let stride = output.channelStride
    let imageCount = input.pixels * stride
    // Windows may overlap, so one piece is a whole clip.
    context.executor.forEach(chunks: output.shape.batch) { image, _ in
      (inputGradient.pointer + image * imageCount).update(repeating: 0, count: imageCount)
      for row in (image * output.shape.bands)..<((image + 1) * output.shape.bands) {
        for frame in 0..<output.shape.frames {
          let place = (row * output.shape.frames + frame) * stride
          for channel in 0..<stride {
            // By the input alone: a norm that follows overwrites the output with its gradient.
            var (found, largest) = (0, -Float.infinity)
            forWindow(row, frame) { x in
              let value = input.pointer[x + channel]
              if value > largest { (found, largest) = (x, value) }
            }
            guard largest > -.infinity else { continue }
            inputGradient.pointer[found + channel] += outputGradient.pointer[place + channel]
          }
        }
      }
    }
  }

  /// Calls `body` with the offset of each input pixel of a window, in scan order.
  private func forWindow(_ row: Int, _ frame: Int, _ body: (Int) -> Void) {
    let image = row / output.shape.bands
    let top = image * input.shape.bands + row % output.shape.bands * attributes.stride.bands
    let left = frame * attributes.stride.frames
    for i in 0..<attributes.kernel.bands {
      for j in 0..<attributes.kernel.frames {
        body(((top + i) * input.shape.frames + left + j) * input.channelStride)
      }
    }
  }
}

/// The mean over bands and frames: `[batch, bands, frames, channels]` → `[batch, 1, 1, channels]`.
final class GlobalAveragePoolStep: Step {
  let tensors: StepTensors
  var scratchCount: Int { input.channelStride }

  init(_ tensors: StepTensors) {
    self.tensors = tensors
  }

  func forward(_ context: StepContext) {
    let stride = input.channelStride
    context.executor.forEach(chunks: input.shape.batch) { image, worker in
      let total = output.pointer + image * stride
      let row = context.scratch(of: worker)
      total.update(repeating: 0, count: stride)
      // Row sums keep the single-precision sums short.
      for band in 0..<input.shape.bands {
        row.update(repeating: 0, count: stride)
        let x = input.pointer + (image * input.shape.bands + band) * input.shape.frames * stride
        for frame in 0..<input.shape.frames {
          for channel in 0..<stride { row[channel] += x[frame * stride + channel] }
        }
        for channel in 0..<stride { total[channel] += row[channel] }
      }
      for channel in 0..<stride { total[channel] /= Float(input.pixels) }
    }
  }

  func backward(_ context: StepContext) {
    guard let inputGradient, let outputGradient else { return }
    let stride = input.channelStride
    let share = 1 / Float(input.pixels)
    context.executor.forEach(chunks: input.shape.batch * input.shape.bands) { row, _ in
      let gradient = outputGradient.pointer + row / input.shape.bands * stride
      let target = inputGradient.pointer + row * input.shape.frames * stride
      for frame in 0..<input.shape.frames {
        for channel in 0..<stride { target[frame * stride + channel] = gradient[channel] * share }
      }
    }
  }
}
