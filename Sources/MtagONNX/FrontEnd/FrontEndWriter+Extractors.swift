import Foundation
import MtagFeatures

extension FrontEndWriter {
  /// Levels `[batch, bands, frames]` → cepstral coefficients and, if the spec says so, their slopes below them.
  mutating func cepstrum(of levels: String) throws -> String {
    let (settings, cosines) = try spec.cepstrumTable()
    let matrix = builder.store(
      "frontend.cosines", shape: [settings.coefficients, spec.bands], .single(cosines[...]))
    let coefficients = builder.add("MatMul", "frontend.cepstrum", [matrix, levels])
    guard settings.deltaOrder > 0 else { return coefficients }
    let slopes = (1...settings.deltaOrder).map { slope(of: coefficients, settings, order: $0) }
    return builder.add("Concat", "frontend.slopes", [coefficients] + slopes, ["axis": .integer(1)])
  }

  /// Each class over the frame's largest, if the spec says so; silence stays zero.
  mutating func chroma(of classes: String) throws -> String {
    guard try spec.chromaSettings().norm == .maximum else { return classes }
    let largest = builder.reduce("ReduceMax", "frontend.largest", classes, axes: [1])
    let divisor = orOne(largest, below: .leastNormalMagnitude, "frontend.divisor")
    return builder.add("Div", "frontend.chroma", [classes, divisor])
  }

  /// Per-channel energy normalisation. The smoother, `m[t] = (1 − s) m[t − 1] + s x[t]`, is a recurrent network of one unit
  /// without a nonlinearity, which every band runs through by itself.
  mutating func pcen(of bands: String) throws -> String {
    let (settings, share) = try spec.pcenTable()
    var energy = builder.scaled(bands, by: settings.scale, "frontend.energy")
    energy = builder.add("Min", "frontend.largest", [energy, builder.number(Self.largestEnergy)])
    let smooth = smoothed(energy, share: share)
    let shifted = builder.shifted(smooth, by: settings.epsilon, "frontend.smooth-epsilon")
    let gain = builder.add("Pow", "frontend.pcen-gain", [shifted, builder.number(-settings.gain)])
    var ratio = builder.add("Mul", "frontend.normalized", [energy, gain])
    ratio = builder.scaled(ratio, by: 1 / settings.bias, "frontend.ratio")
    ratio = builder.add("Min", "frontend.largest-ratio", [ratio, builder.number(Self.largestEnergy)])
    let root = builder.add(
      "Pow", "frontend.root",
      [builder.shifted(ratio, by: 1, "frontend.ratio-one"), builder.number(settings.power)])
    let difference = builder.shifted(root, by: -1, "frontend.root-one")
    return builder.scaled(difference, by: pow(settings.bias, settings.power), "frontend.pcen")
  }

  /// Spectral contrast of magnitudes `[batch, bins, frames]`.
  mutating func contrast(of bins: String) throws -> String {
    let plan = try ContrastBands(spec: spec)
    func extremes(_ name: String, largest: Bool) -> String {
      let means = plan.bands.enumerated().map { index, band in
        let part = builder.slice(
          bins, "frontend.band\(index)", axis: 1, from: band.firstBin, to: band.firstBin + band.binCount)
        let values = builder.add(
          "TopK", "frontend.\(name)\(index).values", [part, builder.integers([band.taken])], outputs: 2,
          ["axis": .integer(1), "largest": .integer(largest ? 1 : 0), "sorted": .integer(1)])
        return builder.reduce("ReduceMean", "frontend.\(name)\(index)", values[0], axes: [1])
      }
      let joined = builder.add("Concat", "frontend.\(name)s", means, ["axis": .integer(1)])
      let least = builder.add("Max", "frontend.\(name)s-least", [joined, builder.number(1e-10)])
      return decibels(least, perDecade: 10, isBelowMaximum: false, floor: 80, "frontend.\(name)s")
    }
    let (peaks, valleys) = (extremes("peak", largest: true), extremes("valley", largest: false))
    return builder.add("Sub", "frontend.contrast", [peaks, valleys])
  }

  // MARK: - Helpers

  /// As the kernel of `pcen` bounds its values.
  private static let largestEnergy: Float = 1e30

  /// A derivative of every row over time. At both ends the outermost fit holds.
  private mutating func slope(of rows: String, _ settings: FeatureSpec.Cepstrum, order: Int) -> String {
    let reach = settings.deltaWidth / 2
    let weights = FeatureSpec.slopeWeights(order: order, reach: reach)
    let (count, name) = (settings.coefficients, "frontend.slope\(order)")
    let stored = builder.store(
      "\(name).weight", shape: [count, 1, weights.count], .single((0..<count).flatMap { _ in weights }[...]))
    let inner = builder.add(
      "Conv", "\(name).inner", [rows, stored],
      [
        "dilations": .integers([1]), "group": .integer(count), "kernel_shape": .integers([weights.count]),
        "pads": .integers([0, 0]), "strides": .integers([1]),
      ])
    return builder.add(
      "Pad", name, [inner, builder.integers([0, 0, reach, 0, 0, reach])], ["mode": .text("edge")])
  }

  /// `[batch, bands, frames]`, each band smoothed over time, as if 1 had stood before the first frame.
  private mutating func smoothed(_ x: String, share: Double) -> String {
    let sequence = builder.transpose(x, "frontend.energy-frames", [2, 0, 1])
    let rows = builder.reshape(sequence, "frontend.energy-rows", [0, -1, 1])
    let first = builder.slice(rows, "frontend.first", axis: 0, from: 0, to: 1)
    let shape = builder.add("Shape", "frontend.first-shape", [first])
    let start = builder.add("Expand", "frontend.start", [builder.number(1), shape])
    let new = builder.store("frontend.new-share", shape: [1, 1, 1], .single([Float(share)]))
    let old = builder.store("frontend.old-share", shape: [1, 1, 1], .single([Float(1 - share)]))
    let states = builder.add(
      "RNN", "frontend.smoother", [rows, new, old, "", "", start],
      [
        "activation_alpha": .floats([1]), "activation_beta": .floats([0]), "activations": .texts(["Affine"]),
        "hidden_size": .integer(1),
      ])
    let sizes = builder.add("Shape", "frontend.energy-shape", [sequence])
    let frames = builder.add("Reshape", "frontend.smooth-frames", [states, sizes])
    return builder.transpose(frames, "frontend.smooth", [1, 2, 0])
  }
}
