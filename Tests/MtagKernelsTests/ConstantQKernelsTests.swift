import MtagCore
import MtagKernelTypes
import MtagKernels
import MtagTestSupport
import Testing

/// Every level of the constant-Q loops against naive loops in double precision.
@Suite struct ConstantQKernelsTests {
  static let width = FeatureKernels.framesPerGroup

  @Test("spectra are turned to the bit, wherever the bins lie", arguments: Kernels.available)
  func turnSpectra(level: String) throws {
    let kernels = try Kernels.table(level: level).constantQ
    for (bins, firstBin, binCount) in [(5, 0, 5), (9, 3, 1), (40, 7, 16), (33, 1, 31), (130, 20, 37)] {
      let rowStride = 2 * (bins + 3)
      let spectra = FeatureKernelsTests.Unaligned(count: Self.width * rowStride, seed: 1)
      let padded = (binCount + 3) / 4 * 4
      let out = FeatureKernelsTests.Unaligned(count: padded * 2 * Self.width + 1, seed: 2, fill: 7)
      kernels.turnSpectra(out.pointer, spectra.pointer, rowStride, firstBin, binCount)
      for bin in 0..<binCount {
        for part in 0..<2 {
          for frame in 0..<Self.width {
            let expected = spectra.values[frame * rowStride + 2 * (firstBin + bin) + part]
            #expect(out.values[(2 * bin + part) * Self.width + frame] == expected)
          }
        }
      }
      #expect(out.values[padded * 2 * Self.width] == 7, "wrote past the end")
    }
  }

  @Test(
    "magnitudes and powers are those of complex sums, and the largest is kept", arguments: Kernels.available,
    [true, false])
  func bandValues(level: String, takesRoot: Bool) throws {
    let kernels = try Kernels.table(level: level).constantQ
    let (firstBins, binCounts): ([Int32], [Int32]) = ([0, 3, 1, 17], [1, 2, 16, 5])
    let bins = FeatureKernelsTests.Unaligned(count: 22 * 2 * Self.width, seed: 3)
    let weights = FeatureKernelsTests.Unaligned(count: 2 * 24, seed: 4)
    let out = FeatureKernelsTests.Unaligned(count: 4 * Self.width + 1, seed: 5, fill: 7)
    let peaks = FeatureKernelsTests.Unaligned(count: Self.width, seed: 6, fill: 0.5)
    firstBins.withUnsafeBufferPointer { firsts in
      binCounts.withUnsafeBufferPointer { counts in
        guard let first = firsts.baseAddress, let count = counts.baseAddress else { return }
        let table = BandTable(bands: 4, firstBins: first, binCounts: count, weights: weights.pointer)
        kernels.bandValues(out.pointer, peaks.pointer, bins.pointer, table, takesRoot)
      }
    }
    var expectedPeaks = [Float](repeating: 0.5, count: Self.width)
    for frame in 0..<Self.width {
      var weight = 0
      for band in 0..<4 {
        var (re, im) = (0.0, 0.0)
        for bin in 0..<Int(binCounts[band]) {
          let place = 2 * (Int(firstBins[band]) + bin) * Self.width + frame
          let (x, y) = (Double(bins.values[place]), Double(bins.values[place + Self.width]))
          let (a, b) = (Double(weights.values[weight]), Double(weights.values[weight + 1]))
          re += a * x - b * y
          im += a * y + b * x
          weight += 2
        }
        let power = re * re + im * im
        let observed = out.values[band * Self.width + frame]
        let expected = takesRoot ? power.squareRoot() : power
        #expect(abs(Double(observed) - expected) <= 1e-6 * max(expected, 1))
        expectedPeaks[frame] = max(expectedPeaks[frame], observed)
      }
    }
    #expect(peaks.values == expectedPeaks)
    #expect(out.values[4 * Self.width] == 7, "wrote past the end")
  }

  @Test("the magnitude of nothing is nothing", arguments: Kernels.available)
  func silence(level: String) throws {
    let kernels = try Kernels.table(level: level).constantQ
    let bins = AlignedBuffer(count: 2 * Self.width)
    let out = AlignedBuffer(count: Self.width)
    let weights = AlignedBuffer(count: 2)
    let peaks = AlignedBuffer(count: Self.width)
    weights.pointer[0] = 1
    let one: [Int32] = [0, 1]
    one.withUnsafeBufferPointer { one in
      guard let start = one.baseAddress else { return }
      let table = BandTable(bands: 1, firstBins: start, binCounts: start + 1, weights: weights.pointer)
      kernels.bandValues(out.pointer, peaks.pointer, bins.pointer, table, true)
    }
    #expect(out.readOnly.allSatisfy { $0 == 0 } && peaks.readOnly.allSatisfy { $0 == 0 })
  }
}
