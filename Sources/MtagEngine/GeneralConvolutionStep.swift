import MtagCore
import MtagGraph

/// A convolution of any kernel, stride and padding: patches of one output row laid out as a matrix (im2col), then OpenBLAS.
final class GeneralConvolutionStep: Step {
  let tensors: StepTensors
  private let attributes: Operation.Convolution
  private let weights: ParameterMemory.Slot
  private let bias: ParameterMemory.Slot?
  private let blas: BLAS
  /// `[out, kernel bands, kernel frames, input channelStride]`, zeros in the padding.
  private let packed: AlignedBuffer
  /// One such gradient for each clip.
  private let gradientParts: AlignedBuffer
  private let biasSums: ChannelSums?

  init(
    _ tensors: StepTensors,
    attributes: Operation.Convolution, weights: ParameterMemory.Slot, bias: ParameterMemory.Slot?,
    blas: BLAS
  ) {
    self.tensors = tensors
    self.attributes = attributes
    self.weights = weights
    self.bias = bias
    self.blas = blas
    let depth = attributes.kernel.bands * attributes.kernel.frames * tensors.input.channelStride
    packed = AlignedBuffer(count: depth * tensors.output.shape.channels)
    gradientParts = AlignedBuffer(
      count: tensors.outputGradient == nil
        ? 0 : tensors.input.shape.batch * depth * tensors.output.shape.channels)
    biasSums = bias == nil || tensors.outputGradient == nil ? nil : biasGradientSums(of: tensors.output)
  }

  /// Values of one patch.
  private var depth: Int { attributes.kernel.bands * attributes.kernel.frames * input.channelStride }
  var scratchCount: Int { output.shape.frames * depth }

  func forward(_ context: StepContext) {
    if context.parametersChanged { pack() }
    context.executor.forEach(chunks: output.shape.batch * output.shape.bands) { row, worker in
      let patches = context.scratch(of: worker)
      collect(row, into: patches)
      let stride = output.channelStride
      let y = output.pointer + row * output.shape.frames * stride
      for frame in 0..<output.shape.frames {
        let pixel = y + frame * stride
        pixel.update(repeating: 0, count: stride)
        if let bias { pixel.update(from: bias.values, count: bias.count) }
      }
      blas.run(
        MatrixProduct(
          rows: output.shape.frames, columns: output.shape.channels, depth: depth,
          a: .init(patches, stride: depth), b: .init(packed.pointer, stride: depth, isTransposed: true), c: y,
          cStride: stride, accumulates: true))
    }
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    let size = depth * output.shape.channels
    context.executor.forEach(chunks: output.shape.batch) { image, worker in
      let patches = context.scratch(of: worker)
      let part = gradientParts.pointer + image * size
      part.update(repeating: 0, count: size)
      if let inputGradient {
        let count = input.pixels * input.channelStride
        (inputGradient.pointer + image * count).update(repeating: 0, count: count)
      }
      for band in 0..<output.shape.bands {
        let row = image * output.shape.bands + band
        let gradient = outputGradient.pointer + row * output.shape.frames * output.channelStride
        collect(row, into: patches)
        blas.run(
          MatrixProduct(
            rows: output.shape.channels, columns: depth, depth: output.shape.frames,
            a: .init(gradient, stride: output.channelStride, isTransposed: true),
            b: .init(patches, stride: depth), c: part, cStride: depth, accumulates: true))
        guard let inputGradient else { continue }
        blas.run(
          MatrixProduct(
            rows: output.shape.frames, columns: depth, depth: output.shape.channels,
            a: .init(gradient, stride: output.channelStride), b: .init(packed.pointer, stride: depth),
            c: patches, cStride: depth))
        spread(patches, row, into: inputGradient)
      }
    }
    addParts(gradientParts.pointer, parts: output.shape.batch, into: packed.pointer, count: size)
    unpackGradient()
    if let bias, let biasSums { biasGradient(bias, outputGradient, biasSums, context) }
  }

  // MARK: - Patches

  /// Calls `body` for each tap of each patch of an output row that lies inside the picture: patch offset, input offset.
  private func forTaps(_ row: Int, _ body: (_ patch: Int, _ pixel: Int) -> Void) {
    let image = row / output.shape.bands
    let top = row % output.shape.bands * attributes.stride.bands - attributes.padding.bands
    for frame in 0..<output.shape.frames {
      let left = frame * attributes.stride.frames - attributes.padding.frames
      for i in 0..<attributes.kernel.bands where (0..<input.shape.bands).contains(top + i) {
        for j in 0..<attributes.kernel.frames where (0..<input.shape.frames).contains(left + j) {
          body(
            frame * depth + (i * attributes.kernel.frames + j) * input.channelStride,
            ((image * input.shape.bands + top + i) * input.shape.frames + left + j) * input.channelStride)
        }
      }
    }
  }

  private func collect(_ row: Int, into patches: UnsafeMutablePointer<Float>) {
    patches.update(repeating: 0, count: scratchCount)
    forTaps(row) { patch, pixel in
      (patches + patch).update(from: input.pointer + pixel, count: input.channelStride)
    }
  }

  private func spread(_ patches: UnsafeMutablePointer<Float>, _ row: Int, into gradient: Tensor) {
    forTaps(row) { patch, pixel in
      for channel in 0..<input.channelStride { gradient.pointer[pixel + channel] += patches[patch + channel] }
    }
  }

  // MARK: - Weights

  /// Calls `body` with the places of each weight: packed, and PyTorch's `[out, in, bands, frames]`.
  private func forWeights(_ body: (_ packed: Int, _ weight: Int) -> Void) {
    let taps = attributes.kernel.bands * attributes.kernel.frames
    let inputs = input.shape.channels
    for out in 0..<output.shape.channels {
      for channel in 0..<inputs {
        for tap in 0..<taps {
          body((out * taps + tap) * input.channelStride + channel, (out * inputs + channel) * taps + tap)
        }
      }
    }
  }

  private func pack() {
    packed.pointer.update(repeating: 0, count: packed.count)
    forWeights { packed.pointer[$0] = weights.values[$1] }
  }

  /// Backward leaves the sum of the gradients in `packed`; the next forward packs the weights again.
  private func unpackGradient() { forWeights { weights.gradients[$1] = packed.pointer[$0] } }
}
