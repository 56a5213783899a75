import MtagCore
import MtagKernelTypes
import MtagKernels
import Testing

/// The first block's kernels against plain loops, from unaligned memory, at all sizes.
@Suite struct FirstBlockTests {
  struct Size: Sendable, CustomTestStringConvertible {
    let bands: Int
    let frames: Int
    let channels: Int
    var testDescription: String { "\(bands) × \(frames), \(channels) channels" }
  }

  static let sizes = [1, 2, 3, 5, 15, 17].flatMap { bands in
    [1, 2, 3, 5, 15, 17].map { Size(bands: bands, frames: $0, channels: [16, 48][(bands + $0) % 2]) }
  }

  /// Values on a coarse grid, on which single precision is exact: so maxima are the same ones, and results equal.
  final class Run {
    static let batch = 2
    let size: Size
    let x: GuardedBuffer
    let taps: GuardedBuffer
    let shift: GuardedBuffer
    let z: GuardedBuffer
    let scratch: GuardedBuffer
    let kernels: FirstBlockKernels

    init(_ size: Size, _ level: String) throws {
      self.size = size
      kernels = try Kernels.table(level: level).firstBlock
      var random = RandomGenerator(seed: 7)
      func grid(_ count: Int) -> GuardedBuffer {
        GuardedBuffer((0..<count).map { _ in Float(random.index(below: 17) - 8) * 0.25 })
      }
      x = grid(Self.batch * size.bands * size.frames)
      taps = grid(9 * size.channels)
      shift = grid(size.channels)
      z = grid(Self.batch * (size.bands / 2) * (size.frames / 2) * size.channels)
      scratch = GuardedBuffer(repeating: .nan, count: 4 * (size.frames + 4))
    }

    var isIntact: Bool { [x, taps, shift, z, scratch].allSatisfy { $0.isIntact } }

    func run(_ z: GuardedBuffer, _ sums: UnsafeMutablePointer<Double>) -> FirstBlockRun {
      FirstBlockRun(
        bands: size.bands, frames: size.frames, channels: size.channels, x: x.pointer,
        scaledTaps: taps.pointer, shift: shift.pointer, z: z.pointer, sums: sums, scratch: scratch.pointer)
    }

    /// The pixel under a tap of the patch around a place; zero outside the picture.
    func pixel(_ image: Int, _ band: Int, _ frame: Int, _ tap: Int) -> Double {
      let (i, j) = (band + tap / 3 - 1, frame + tap % 3 - 1)
      guard (0..<size.bands).contains(i), (0..<size.frames).contains(j) else { return 0 }
      return Double(x.pointer[(image * size.bands + i) * size.frames + j])
    }

    func value(_ image: Int, _ band: Int, _ frame: Int, _ channel: Int) -> Double {
      (0..<9).reduce(Double(shift.pointer[channel])) {
        $0 + pixel(image, band, frame, $1) * Double(taps.pointer[$1 * size.channels + channel])
      }
    }

    /// Calls `body` with every pooled place: its index in z, its image, the first corner of its window, its channel.
    func forWindows(_ body: (_ place: Int, _ image: Int, _ band: Int, _ frame: Int, _ channel: Int) -> Void) {
      let (rows, columns) = (size.bands / 2, size.frames / 2)
      for place in 0..<z.count {
        let pixel = place / size.channels
        let row = pixel / columns
        body(place, row / rows, row % rows * 2, pixel % columns * 2, place % size.channels)
      }
    }
  }

  @Test("forward is convolution, norm, ReLU and pool", arguments: Kernels.available, sizes)
  func forward(_ level: String, _ size: Size) throws {
    let run = try Run(size, level)
    let z = GuardedBuffer(repeating: .nan, count: run.z.count)
    var nothing = [0.0]
    let rows = Run.batch * (size.bands / 2)
    run.kernels.forward(run.run(z, &nothing), 0, rows / 2)
    run.kernels.forward(run.run(z, &nothing), rows / 2, rows - rows / 2)
    run.forWindows { place, image, band, frame, channel in
      let window = (0..<4).map { run.value(image, band + $0 / 2, frame + $0 % 2, channel) }
      #expect(Double(z.pointer[place]) == max(window.max() ?? 0, 0))
    }
    #expect(run.isIntact && z.isIntact, "a kernel wrote outside of its memory")
  }

  @Test("backward's sums follow the first maximum of each window", arguments: Kernels.available, sizes)
  func backward(_ level: String, _ size: Size) throws {
    let run = try Run(size, level)
    var sums = [Double](repeating: 0.5, count: 10 * size.channels)
    var expected = sums
    let rows = Run.batch * (size.bands / 2)
    run.kernels.backward(run.run(run.z, &sums), 0, rows / 2)
    run.kernels.backward(run.run(run.z, &sums), rows / 2, rows - rows / 2)
    run.forWindows { place, image, band, frame, channel in
      let window = (0..<4).map { run.value(image, band + $0 / 2, frame + $0 % 2, channel) }
      guard let top = window.max(), top > 0, let corner = window.firstIndex(of: top) else { return }
      let gradient = Double(run.z.pointer[place])
      for tap in 0..<9 {
        expected[tap * size.channels + channel] +=
          gradient * run.pixel(image, band + corner / 2, frame + corner % 2, tap)
      }
      expected[9 * size.channels + channel] += gradient
    }
    #expect(sums == expected)
    #expect(run.isIntact, "a kernel wrote outside of its memory")
  }

  @Test("moments are sums of patches and of their products", arguments: Kernels.available, sizes)
  func moments(_ level: String, _ size: Size) throws {
    let run = try Run(size, level)
    var moments = [Double](repeating: 0.25, count: 90)
    var expected = moments
    var nothing = [0.0]
    let rows = Run.batch * size.bands
    run.kernels.moments(run.run(run.z, &nothing), &moments, 0, rows / 2)
    run.kernels.moments(run.run(run.z, &nothing), &moments, rows / 2, rows - rows / 2)
    for row in 0..<rows {
      for frame in 0..<size.frames {
        let patch = (0..<9).map { run.pixel(row / size.bands, row % size.bands, frame, $0) }
        for a in 0..<9 {
          expected[a] += patch[a]
          for b in 0..<9 { expected[9 + a * 9 + b] += patch[a] * patch[b] }
        }
      }
    }
    #expect(moments == expected)
    #expect(run.isIntact, "a kernel wrote outside of its memory")
  }
}
