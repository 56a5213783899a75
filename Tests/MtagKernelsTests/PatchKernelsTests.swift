import MtagCore
import MtagKernelTypes
import MtagKernels
import Testing

/// Convolutions of any kind against plain loops are in MtagEngineTests; here is what only the kernels' callers can see.
@Suite struct PatchKernelsTests {
  static let shapes: [PatchShape] = [
    make(bands: 5, frames: 9, channels: 16, kernel: (3, 3), stride: 1),
    make(bands: 4, frames: 70, channels: 32, kernel: (3, 5), stride: 1),
    make(bands: 6, frames: 75, channels: 16, kernel: (5, 4), stride: 2),
    make(bands: 3, frames: 50, channels: 32, kernel: (1, 1), stride: 1),
  ]

  @Test("memory aligned to nothing but floats gives the same bytes", arguments: Kernels.available, shapes)
  func unaligned(_ level: String, _ shape: PatchShape) throws {
    let kernels = try Kernels.table(level: level)
    let aligned = run(kernels, shape, offset: 0)
    for offset in [1, 3, 7] {
      #expect(run(kernels, shape, offset: offset) == aligned, "\(offset) floats off")
    }
    #expect(aligned.allSatisfy { values in values.contains { $0 != 0 } })
  }

  @Test("pieces of any size give the same output bytes", arguments: Kernels.available, shapes)
  func pieces(_ level: String, _ shape: PatchShape) throws {
    let kernels = try Kernels.table(level: level)
    let whole = run(kernels, shape, offset: 0)[0]
    for size in [1, 5, 96, 97] {
      #expect(run(kernels, shape, offset: 0, piece: size)[0] == whole, "pieces of \(size)")
    }
  }

  @Test("the gradient's gathers cover each input position once, whatever stride and dilation")
  func phases() {
    for (size, kernel, stride, padding, dilation) in [
      (17, 3, 1, 1, 1), (17, 3, 2, 1, 1), (16, 5, 3, 2, 2), (23, 3, 4, 3, 6), (9, 2, 3, 0, 1),
      (5, 1, 4, 0, 1),
    ] {
      let forward = PatchAxis.convolution(
        size: size, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
      // (input, output, tap) that meet: in the convolution, and in its gradient.
      var expected: Set<[Int]> = []
      for q in 0..<forward.targetCount {
        for tap in 0..<kernel {
          let input = q * stride - padding + tap * dilation
          if (0..<size).contains(input) { expected.insert([input, q, tap]) }
        }
      }
      var found: [[Int]] = []
      for axis in PatchAxis.inputGradient(
        size: size, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
      {
        for q in 0..<axis.targetCount {
          for k in 0..<axis.taps {
            let output = axis.sourceStart + q * axis.sourceStep + k * axis.tapStep
            guard (0..<axis.sourceSize).contains(output) else { continue }
            found.append(
              [axis.targetStart + q * axis.targetStep, output, axis.filterStart + k * axis.filterStep])
          }
        }
      }
      #expect(
        Set(found) == expected && found.count == expected.count, "stride \(stride), dilation \(dilation)")
    }
  }

  // MARK: - Helpers

  private static func make(
    bands: Int, frames: Int, channels: Int, kernel: (Int, Int), stride: Int
  ) -> PatchShape {
    func axis(_ size: Int, _ kernel: Int) -> PatchAxis {
      .convolution(size: size, kernel: kernel, stride: stride, padding: kernel / 2, dilation: 1)
    }
    return PatchShape(
      batch: 2, bands: axis(bands, kernel.0), frames: axis(frames, kernel.1), sourceStride: channels,
      targetStride: channels, groups: 1, channels: channels, outputs: channels)
  }

  /// Output, filter gradient, and both for a depthwise convolution of the same sizes.
  private func run(
    _ kernels: KernelTable, _ shape: PatchShape, offset: Int, piece: Int? = nil
  ) -> [[Float]] {
    let source = noise(
      shape.batch * shape.bands.sourceSize * shape.frames.sourceSize * shape.sourceStride, offset, seed: 1)
    let filters = noise(shape.filterCount, offset, seed: 2)
    let gradient = noise(shape.pixels * shape.targetStride, offset, seed: 3)
    let target = AlignedBuffer(count: gradient.count)
    let sum = AlignedBuffer(count: shape.filterCount + offset)
    let scratch = AlignedBuffer(
      count: offset
        + max(kernels.convolution.forwardScratchCount(shape), kernels.convolution.gradientScratchCount(shape))
    )
    let product = PatchProduct(
      shape: shape, source: source.pointer + offset, filters: filters.pointer + offset, bias: nil,
      target: target.pointer + offset, scratch: scratch.pointer + offset)
    let size = piece ?? shape.pixels
    for first in stride(from: 0, to: shape.pixels, by: size) {
      kernels.convolution.forward(product, first, min(size, shape.pixels - first))
    }
    var results = [Array(target.readOnly.dropFirst(offset))]
    kernels.convolution.filterGradient(
      PatchGradient(
        shape: shape, source: source.pointer + offset, targetGradient: gradient.pointer + offset,
        sum: sum.pointer + offset, scratch: scratch.pointer + offset), 0, shape.pixels)
    results.append(Array(sum.readOnly.dropFirst(offset)))

    let rows = shape.batch * shape.bands.targetCount
    func depthwise(_ target: UnsafeMutablePointer<Float>) -> DepthwiseRun {
      DepthwiseRun(
        bands: shape.bands, frames: shape.frames, channels: shape.channels, source: source.pointer + offset,
        filters: filters.pointer + offset, bias: nil, activation: .relu, target: target)
    }
    kernels.depthwise.forward(depthwise(target.pointer + offset), 0, rows)
    results.append(Array(target.readOnly.dropFirst(offset)))
    let taps = AlignedBuffer(count: shape.taps * shape.channels + offset)
    kernels.depthwise.filterGradient(depthwise(gradient.pointer + offset), taps.pointer + offset, 0, rows)
    results.append(Array(taps.readOnly.dropFirst(offset)))
    return results
  }

  private func noise(_ count: Int, _ offset: Int, seed: UInt64) -> AlignedBuffer {
    let buffer = AlignedBuffer(count: count + offset)
    var random = RandomGenerator(seed: seed)
    for i in 0..<count { buffer.pointer[offset + i] = random.uniform(-1, 1) }
    return buffer
  }
}
