import Foundation
import MtagCore
import MtagGraph

/// The specification of the sequence operators: plain loops in double precision, and slopes of these loops as gradients.
struct NaiveSequence {
  let operation: MtagGraph.Operation
  let input: TensorShape
  /// Sizes of the weights, in the order of the graph's parameters.
  let weightCounts: [Int]
  let forward: @Sendable (_ x: [Double], _ weights: [[Double]]) -> [Double]

  /// Σ gradient · output, differentiated by one number after the other. The loops are smooth almost everywhere, so central
  /// differences in double precision are right to about ten digits.
  func gradients(_ x: [Double], _ weights: [[Double]], _ outputGradient: [Double]) -> (
    input: [Double], weights: [[Double]]
  ) {
    func value(_ x: [Double], _ weights: [[Double]]) -> Double {
      zip(forward(x, weights), outputGradient).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let step = 1e-5
    let input = x.indices.map { i in
      var (up, down) = (x, x)
      up[i] += step
      down[i] -= step
      return (value(up, weights) - value(down, weights)) / (2 * step)
    }
    let slopes = weights.indices.map { index in
      weights[index].indices.map { i in
        var (up, down) = (weights, weights)
        up[index][i] += step
        down[index][i] -= step
        return (value(x, up) - value(x, down)) / (2 * step)
      }
    }
    return (input, slopes)
  }

  // MARK: - Operators

  static func linear(_ input: TensorShape, features: Int, hasBias: Bool) -> NaiveSequence {
    let inputs = input.channels
    return NaiveSequence(
      operation: .linear(features: features, hasBias: hasBias), input: input,
      weightCounts: [features * inputs] + (hasBias ? [features] : [])
    ) { x, weights in
      (0..<(x.count / inputs * features)).map { index in
        let (pixel, out) = (index / features, index % features)
        return (0..<inputs).reduce(hasBias ? weights[1][out] : 0) {
          $0 + weights[0][out * inputs + $1] * x[pixel * inputs + $1]
        }
      }
    }
  }

  static func layerNorm(_ input: TensorShape, epsilon: Float) -> NaiveSequence {
    let channels = input.channels
    return NaiveSequence(
      operation: .layerNorm(epsilon: epsilon), input: input, weightCounts: [channels, channels]
    ) { x, weights in
      (0..<(x.count / channels)).flatMap { pixel in
        let values = x[(pixel * channels)..<((pixel + 1) * channels)]
        let mean = values.reduce(0, +) / Double(channels)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(channels)
        let deviation = (variance + Double(epsilon)).squareRoot()
        return zip(values, zip(weights[0], weights[1])).map { ($0 - mean) / deviation * $1.0 + $1.1 }
      }
    }
  }

  static func attention(_ input: TensorShape, heads: Int) -> NaiveSequence {
    let (frames, channels) = (input.frames, input.channels / 3)
    let depth = channels / heads
    return NaiveSequence(operation: .attention(heads: heads), input: input, weightCounts: []) { x, _ in
      var y = [Double](repeating: 0, count: input.batch * frames * channels)
      for item in 0..<input.batch {
        for head in 0..<heads {
          func place(_ frame: Int, _ part: Int) -> Int {
            (item * frames + frame) * 3 * channels + part * channels + head * depth
          }
          for query in 0..<frames {
            let scores = (0..<frames).map { key in
              (0..<depth).reduce(0) { $0 + x[place(query, 0) + $1] * x[place(key, 1) + $1] }
                / Double(depth).squareRoot()
            }
            let top = scores.max() ?? 0
            let powers = scores.map { exp($0 - top) }
            let total = powers.reduce(0, +)
            for channel in 0..<depth {
              y[(item * frames + query) * channels + head * depth + channel] =
                (0..<frames).reduce(0) { $0 + powers[$1] * x[place($1, 2) + channel] } / total
            }
          }
        }
      }
      return y
    }
  }

  static func tokens(_ input: TensorShape, count: Int) -> NaiveSequence {
    let size = input.frames * input.channels
    return NaiveSequence(
      operation: .tokens(count: count), input: input, weightCounts: [count * input.channels]
    ) { x, weights in
      (0..<input.batch).flatMap { weights[0] + Array(x[($0 * size)..<(($0 + 1) * size)]) }
    }
  }

  static func positions(_ input: TensorShape, frames: Int) -> NaiveSequence {
    let channels = input.channels
    return NaiveSequence(
      operation: .positions(.init(input.bands, frames)), input: input,
      weightCounts: [input.bands * frames * channels]
    ) { x, weights in
      x.indices.map { index in
        let row = index / channels
        let (band, frame) = (row / input.frames % input.bands, row % input.frames)
        return x[index] + weights[0][(band * frames + frame) * channels + index % channels]
      }
    }
  }

  static func harmonic(_ input: TensorShape, _ attributes: MtagGraph.Operation.HarmonicFilter)
    -> NaiveSequence
  {
    let (bins, frames) = (input.bands, input.frames)
    return NaiveSequence(
      operation: .harmonicFilter(attributes), input: input, weightCounts: [1]
    ) { x, weights in
      var y: [Double] = []
      for item in 0..<input.batch {
        for band in 0..<attributes.bands {
          for frame in 0..<frames {
            for harmonic in 1...attributes.harmonics {
              let octaves = Double(band) / Double(12 * attributes.bandsPerSemitone)
              let centre = Double(harmonic) * Double(attributes.lowestHz) * pow(2, octaves)
              let width = (0.1079 * centre + 24.7) / weights[0][0]
              y.append(
                (0..<bins).reduce(0) { sum, bin in
                  let hertz = Double(bin) * Double(attributes.sampleRateHz / 2) / Double(bins - 1)
                  return sum + max(0, 1 - 2 * abs((hertz - centre) / width))
                    * x[(item * bins + bin) * frames + frame]
                })
            }
          }
        }
      }
      return y
    }
  }
}
