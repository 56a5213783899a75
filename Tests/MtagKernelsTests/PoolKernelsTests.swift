import MtagCore
import MtagKernelTypes
import MtagKernels
import Testing

/// Pools over windows of every kind against plain loops, from unaligned memory.
@Suite struct PoolKernelsTests {
  struct Axis: Sendable {
    let size: Int
    let windows: [(start: Int, end: Int)]

    init(_ size: Int, kernel: Int, stride: Int, padding: Int = 0) {
      self.size = size
      windows = (0..<((size + 2 * padding - kernel) / stride + 1)).map {
        (max(0, $0 * stride - padding), min(size, $0 * stride - padding + kernel))
      }
    }

    init(_ size: Int, adaptiveTo count: Int) {
      self.size = size
      windows = (0..<count).map { ($0 * size / count, (($0 + 1) * size + count - 1) / count) }
    }

    /// Whether every position is in one window.
    var isPartition: Bool { windows.flatMap { Array($0.start..<$0.end) } == Array(0..<size) }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let bands: Axis
    let frames: Axis
    let channels: Int
    var testDescription: String {
      "\(bands.windows) of \(bands.size), \(frames.windows) of \(frames.size), \(channels) channels"
    }
  }

  static let cases = [16, 64, 80, 144].flatMap { channels in
    [
      Case(bands: Axis(4, kernel: 2, stride: 2), frames: Axis(6, kernel: 2, stride: 2), channels: channels),
      Case(bands: Axis(5, kernel: 2, stride: 2), frames: Axis(7, kernel: 3, stride: 3), channels: channels),
      Case(
        bands: Axis(7, kernel: 3, stride: 2, padding: 1), frames: Axis(6, kernel: 4, stride: 1, padding: 2),
        channels: channels),
      Case(bands: Axis(9, kernel: 1, stride: 3), frames: Axis(5, kernel: 2, stride: 3), channels: channels),
      Case(bands: Axis(7, adaptiveTo: 3), frames: Axis(4, adaptiveTo: 6), channels: channels),
      Case(bands: Axis(5, adaptiveTo: 1), frames: Axis(9, adaptiveTo: 1), channels: channels),
      Case(bands: Axis(1, adaptiveTo: 1), frames: Axis(17, adaptiveTo: 17), channels: channels),
    ]
  }

  @Test("largest values and sums, and their gradients", arguments: Kernels.available, cases)
  func matchesPlainLoops(_ level: String, _ test: Case) throws {
    let kernels = try Kernels.table(level: level).pool
    let (batch, channels) = (2, test.channels)
    let (bands, frames) = (test.bands, test.frames)
    var random = RandomGenerator(seed: 2)
    // Few different values: windows with several largest ones.
    let values = (0..<(batch * bands.size * frames.size * channels)).map { _ in
      Float(Int(random.uniform(-2.5, 2.5)))
    }
    let outputs = batch * bands.windows.count * frames.windows.count
    let gradients = (0..<(outputs * channels)).map { _ in random.uniform(-1, 1) }
    for takesLargest in [true, false] {
      var expected = [Double](repeating: 0, count: gradients.count)
      var slopes = [Double](repeating: 0, count: values.count)
      for i in gradients.indices {
        let (pixel, channel) = (i / channels, i % channels)
        let (row, column) = (pixel / frames.windows.count, pixel % frames.windows.count)
        let (image, band) = (row / bands.windows.count, row % bands.windows.count)
        let places = (bands.windows[band].start..<bands.windows[band].end).flatMap { b in
          (frames.windows[column].start..<frames.windows[column].end).map { f in
            ((image * bands.size + b) * frames.size + f) * channels + channel
          }
        }
        if takesLargest {
          let top = places.map { values[$0] }.max() ?? 0
          expected[i] = Double(top)
          if let first = places.first(where: { values[$0] == top }) { slopes[first] += Double(gradients[i]) }
        } else {
          let weight = 0.5 / Double(places.count)
          expected[i] = weight * places.reduce(0) { $0 + Double(values[$1]) }
          for place in places { slopes[place] += weight * Double(gradients[i]) }
        }
      }
      let x = GuardedBuffer(values)
      let y = GuardedBuffer(repeating: .nan, count: gradients.count)
      let dy = GuardedBuffer(gradients)
      let dx = GuardedBuffer(repeating: .nan, count: values.count)
      let rows = bands.windows.map {
        PoolWindow(start: $0.start, end: $0.end, weight: 0.5 / Float($0.end - $0.start))
      }
      let columns = frames.windows.map {
        PoolWindow(start: $0.start, end: $0.end, weight: 1 / Float($0.end - $0.start))
      }
      rows.withUnsafeBufferPointer { rows in
        columns.withUnsafeBufferPointer { columns in
          guard let rows = rows.baseAddress, let columns = columns.baseAddress else { return }
          let run = PoolRun(
            takesLargest: takesLargest,
            bands: PoolAxis(size: bands.size, count: bands.windows.count, windows: rows),
            frames: PoolAxis(size: frames.size, count: frames.windows.count, windows: columns),
            channels: channels, source: x.pointer, target: y.pointer)
          let units = outputs * run.chunks
          kernels.forward(run, 0, units / 3)
          kernels.forward(run, units / 3, units - units / 3)
          let gradient = PoolGradient(
            target: dy.pointer, source: dx.pointer, isPartition: bands.isPartition && frames.isPartition)
          kernels.backward(run, gradient, 0, 1)
          kernels.backward(run, gradient, 1, batch * run.chunks - 1)
        }
      }
      #expect(zip(y.values, expected).allSatisfy { abs(Double($0) - $1) <= 1e-6 })
      #expect(zip(dx.values, slopes).allSatisfy { abs(Double($0) - $1) <= 1e-6 })
      #expect(y.isIntact && dx.isIntact)
    }
  }
}
