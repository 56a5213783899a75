import MtagCore
import MtagKernelTypes

/// The specification of batch norm with ReLU and 2×2 max pool: plain loops in double precision over single-precision data.
///
/// Which value of a window is its maximum is a question of rounding where two are almost equal, so the values lie on a coarse
/// grid, on which the kernels' arithmetic is exact.
struct NaiveNorm {
  let shape: NormShape
  let batch: Int
  /// `[batch, bands, frames, channels]`
  let y: [Float]
  /// `[batch, outputBands, outputFrames, channels]`
  let gradient: [Float]
  /// Vectors of `[channels]`, as the kernels take them.
  let scale: [Float]
  let shift: [Float]
  let inverseDeviation: [Float]
  let meanOverDeviation: [Float]
  let meanGradient: [Float]
  let meanProduct: [Float]

  init(_ shape: NormShape, batch: Int, seed: UInt64) {
    self.shape = shape
    self.batch = batch
    var random = RandomGenerator(seed: seed)
    func grid(_ count: Int, _ steps: Int, _ step: Float) -> [Float] {
      (0..<count).map { _ in Float(random.index(below: 2 * steps + 1) - steps) * step }
    }
    y = grid(batch * shape.bands * shape.frames * shape.channels, 16, 0.125)
    gradient = grid(batch * shape.outputBands * shape.outputFrames * shape.channels, 16, 0.125)
    scale = grid(shape.channels, 6, 0.5)
    shift = grid(shape.channels, 8, 0.25)
    inverseDeviation = grid(shape.channels, 3, 0.25).map { $0 + 1 }
    meanOverDeviation = grid(shape.channels, 4, 0.25)
    meanGradient = grid(shape.channels, 4, 0.125)
    meanProduct = grid(shape.channels, 4, 0.125)
  }

  func value(_ place: Int) -> Double {
    let channel = place % shape.channels
    return Double(y[place]) * Double(scale[channel]) + Double(shift[channel])
  }

  func normalised(_ place: Int) -> Double {
    let channel = place % shape.channels
    return Double(y[place]) * Double(inverseDeviation[channel]) - Double(meanOverDeviation[channel])
  }

  /// z, and where in y the first maximum of each window stands.
  func forward() -> (z: [Double], places: [Int]) {
    var (z, places): ([Double], [Int]) = ([], [])
    let size = shape.hasPool ? 2 : 1
    for image in 0..<batch {
      for band in 0..<shape.outputBands {
        for frame in 0..<shape.outputFrames {
          for channel in 0..<shape.channels {
            let window = (0..<(size * size)).map { corner in
              let row = image * shape.bands + size * band + corner / size
              return (row * shape.frames + size * frame + corner % size) * shape.channels + channel
            }
            let top = window.map(value).max() ?? 0
            places.append(window.first { value($0) == top } ?? 0)
            z.append(shape.hasReLU ? max(top, 0) : top)
          }
        }
      }
    }
    return (z, places)
  }

  /// The gradient that reaches each value of y.
  func routed() -> [Double] {
    var routed = [Double](repeating: 0, count: y.count)
    for (place, gradient) in zip(forward().places, gradient) where !shape.hasReLU || value(place) > 0 {
      routed[place] += Double(gradient)
    }
    return routed
  }

  /// Σ g and Σ g * normalised: `[2, channels]`.
  func backwardSums() -> [Double] {
    var sums = [Double](repeating: 0, count: 2 * shape.channels)
    for (place, gradient) in routed().enumerated() {
      sums[place % shape.channels] += gradient
      sums[shape.channels + place % shape.channels] += gradient * normalised(place)
    }
    return sums
  }

  func backwardApply() -> [Double] {
    routed().enumerated().map { place, gradient in
      let channel = place % shape.channels
      return Double(scale[channel])
        * (gradient - Double(meanGradient[channel]) - normalised(place) * Double(meanProduct[channel]))
    }
  }
}
