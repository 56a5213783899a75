import MtagCore
import MtagKernelTypes

/// The specification of the 3×3 convolution and its gradients: plain loops in double precision, channels-last.
struct NaiveConvolution {
  let shape: WinogradShape
  /// `[batch, bands, frames, inputChannels]`
  var x: [Float]
  /// `[out, in, 3, 3]`
  var weights: [Float]

  init(_ shape: WinogradShape, seed: UInt64) {
    self.shape = shape
    var random = RandomGenerator(seed: seed)
    // Unit variance: a uniform number in ±√3.
    let bound = Float(3).squareRoot()
    x = (0..<(shape.batch * shape.bands * shape.frames * shape.inputChannels)).map { _ in
      random.uniform(-bound, bound)
    }
    weights = (0..<(9 * shape.inputChannels * shape.outputChannels)).map { _ in random.uniform(-0.1, 0.1) }
  }

  func forward() -> [Double] {
    var y = [Double](repeating: 0, count: shape.batch * shape.bands * shape.frames * shape.outputChannels)
    forTaps { output, input, tap in
      for out in 0..<shape.outputChannels {
        for channel in 0..<shape.inputChannels {
          y[output * shape.outputChannels + out] +=
            Double(x[input * shape.inputChannels + channel])
            * Double(weights[(out * shape.inputChannels + channel) * 9 + tap])
        }
      }
    }
    return y
  }

  func inputGradient(_ gradient: [Float]) -> [Double] {
    var dx = [Double](repeating: 0, count: x.count)
    forTaps { output, input, tap in
      for out in 0..<shape.outputChannels {
        for channel in 0..<shape.inputChannels {
          dx[input * shape.inputChannels + channel] +=
            Double(gradient[output * shape.outputChannels + out])
            * Double(weights[(out * shape.inputChannels + channel) * 9 + tap])
        }
      }
    }
    return dx
  }

  func weightGradient(_ gradient: [Float]) -> [Double] {
    var dw = [Double](repeating: 0, count: weights.count)
    forTaps { output, input, tap in
      for out in 0..<shape.outputChannels {
        for channel in 0..<shape.inputChannels {
          dw[(out * shape.inputChannels + channel) * 9 + tap] +=
            Double(x[input * shape.inputChannels + channel])
            * Double(gradient[output * shape.outputChannels + out])
        }
      }
    }
    return dw
  }

  /// Calls `body` with every output pixel, input pixel inside the picture, and tap between them.
  private func forTaps(_ body: (_ output: Int, _ input: Int, _ tap: Int) -> Void) {
    for row in 0..<(shape.batch * shape.bands) {
      let (image, band) = (row / shape.bands, row % shape.bands)
      for frame in 0..<shape.frames {
        for tap in 0..<9 {
          let (i, j) = (band + tap / 3 - 1, frame + tap % 3 - 1)
          guard (0..<shape.bands).contains(i), (0..<shape.frames).contains(j) else { continue }
          body(row * shape.frames + frame, (image * shape.bands + i) * shape.frames + j, tap)
        }
      }
    }
  }
}

/// The largest difference, in units of the expected values' root mean square.
func relativeError(_ found: [Float], _ expected: [Double]) -> Double {
  let square = expected.reduce(0) { $0 + $1 * $1 } / Double(max(expected.count, 1))
  let largest = zip(found, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
  return square == 0 ? largest : largest / square.squareRoot()
}
