import MtagCore
import MtagKernelTypes
import MtagKernels
import Testing

/// The norm kernels against plain loops, from unaligned memory, at all sizes.
@Suite struct NormTests {
  static let sizes = [1, 2, 3, 5, 15, 17]
  static let channels = [16, 48]

  static let shapes = sizes.flatMap { bands in
    sizes.flatMap { frames in
      [(false, false), (true, false), (true, true), (false, true)].map { hasReLU, hasPool in
        NormShape(
          bands: bands, frames: frames, channels: channels[(bands + frames) % 2], hasReLU: hasReLU,
          hasPool: hasPool)
      }
    }
  }

  @Test("forward is norm, ReLU and pool", arguments: Kernels.available, shapes)
  func forward(_ level: String, _ shape: NormShape) throws {
    let run = NormRunner(NaiveNorm(shape, batch: 2, seed: 1), try Kernels.table(level: level).norm)
    let z = run.forward()
    let expected = run.naive.forward().z
    #expect(zip(z, expected).allSatisfy { Double($0) == $1 } && z.count == expected.count)
    #expect(run.isIntact, "a kernel wrote outside of its memory")
  }

  @Test("the gradient's sums", arguments: Kernels.available, shapes)
  func backwardSums(_ level: String, _ shape: NormShape) throws {
    let run = NormRunner(NaiveNorm(shape, batch: 2, seed: 2), try Kernels.table(level: level).norm)
    let sums = run.backwardSums()
    for (found, expected) in zip(sums, run.naive.backwardSums()) { #expect(abs(found - expected) <= 1e-4) }
    #expect(run.isIntact, "a kernel wrote outside of its memory")
  }

  @Test("the input's gradient, in place and elsewhere", arguments: Kernels.available, shapes)
  func backwardApply(_ level: String, _ shape: NormShape) throws {
    for isInPlace in [false, true] {
      let run = NormRunner(NaiveNorm(shape, batch: 2, seed: 3), try Kernels.table(level: level).norm)
      // Where pooling drops all there is, no row is asked for and nothing is written.
      guard shape.outputBands > 0 else { continue }
      let found = run.backwardApply(isInPlace: isInPlace)
      let largest = zip(found, run.naive.backwardApply()).map { abs(Double($0) - $1) }.max() ?? .infinity
      #expect(largest <= 1e-5)
      #expect(run.isIntact, "a kernel wrote outside of its memory")
    }
  }

  @Test(
    "sums and sums of squares of any range of pixels", arguments: Kernels.available,
    [1, 2, 3, 5, 15, 17, 600])
  func statistics(_ level: String, _ pixels: Int) throws {
    let kernels = try Kernels.table(level: level).norm
    for channels in [16, 32, 80] {
      var random = RandomGenerator(seed: 4)
      let values = (0..<((pixels + 4) * channels)).map { _ in random.uniform(-1, 1) }
      let y = GuardedBuffer(values)
      var sums = [Double](repeating: 0.5, count: 2 * channels)
      kernels.statistics(y.pointer, channels, &sums, 3, pixels)
      for channel in 0..<channels {
        let column = (3..<(3 + pixels)).map { Double(values[$0 * channels + channel]) }
        // Up to 512 pixels are added in single precision: roundings add up like a random walk.
        let rounding = 4 * Double(min(pixels, 512)).squareRoot() * 0x1p-24
        let size = column.reduce(0) { $0 + abs($1) }
        #expect(abs(sums[channel] - 0.5 - column.reduce(0, +)) <= rounding * size)
        let squares = column.reduce(0) { $0 + $1 * $1 }
        #expect(abs(sums[channels + channel] - 0.5 - squares) <= rounding * squares)
      }
    }
  }

  @Test("what is written past the caches is what is written into them", arguments: Kernels.available)
  func streams(_ level: String) throws {
    for hasPool in [false, true] {
      let shape = NormShape(bands: 17, frames: 15, channels: 48, hasReLU: true, hasPool: hasPool)
      let run = NormRunner(NaiveNorm(shape, batch: 2, seed: 5), try Kernels.table(level: level).norm)
      let z = AlignedBuffer(count: 2 * shape.outputBands * shape.outputFrames * shape.channels)
      run.forward(streamingInto: z.pointer)
      #expect(Array(z.readOnly) == run.forward())
    }
  }
}
