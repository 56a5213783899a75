import Foundation

extension ConstantQNumbers {
  /// What a frame costs, in multiply-accumulates: the decimation of a hop's samples at each rate, and for each octave a
  /// transform and a complex product for each weight. Every fourth filter stands for its neighbours, so that lists need not
  /// compute them all: for the presets within 1 % of the full count.
  func multiplyAccumulatesPerFrame(_ layout: ConstantQLayout) -> Double {
    let decimation = ConstantQTree(layout).nodes.map { node -> Double in
      guard let filter = node.filter else { return 0 }
      let samples = Double(hopLength) / Double(1 << (node.depth - 1))
      return samples * Decimator.multiplyAccumulatesPerSample(filter, blockLength: node.blockLength)
    }
    let octaves = layout.octaves.map { octave -> Double in
      let rateHz = sampleRateHz / Double(octave.factor)
      let longest = octave.frequenciesHz.map { filterLength(frequencyHz: $0, rateHz: rateHz) }.max() ?? 0
      let size = ConstantQBank.fftSize(longest: longest)
      let sampled = stride(from: 1, to: octave.frequenciesHz.count + 1, by: 4).map { place -> Int in
        let frequencyHz = octave.frequenciesHz[min(place, octave.frequenciesHz.count - 1)]
        let filter = ConstantQFilter(
          frequencyHz: frequencyHz, length: filterLength(frequencyHz: frequencyHz, rateHz: rateHz),
          rateHz: rateHz, fftSize: size, gain: 1, sparsity: sparsity)
        return filter.weights.count
      }
      let weights = Double(sampled.reduce(0, +)) / Double(sampled.count) * Double(octave.frequenciesHz.count)
      return Double(size) * log2(Double(size)) + 2 * weights
    }
    return decimation.reduce(0, +) + octaves.reduce(0, +)
  }
}
