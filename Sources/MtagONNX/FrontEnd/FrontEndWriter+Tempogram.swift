import Foundation
import MtagFeatures

extension FrontEndWriter {
  /// Levels `[batch, bands, frames]` → autocorrelations of their rises, `[batch, lags, frames]`.
  mutating func tempogram(of levels: String) throws -> String {
    let (lags, delay) = try spec.tempogramTable()
    let envelope = paddedEnvelope(rises(of: levels, delay: delay), lags: lags, delay: delay)
    let sums = autocorrelations(of: envelope, lags: lags)
    let first = builder.slice(sums, "frontend.lag0", axis: 1, from: 0, to: 1)
    let divisor = orOne(first, below: .leastNormalMagnitude, "frontend.divisor")
    return builder.add("Div", "frontend.tempogram", [sums, divisor])
  }

  // MARK: - Helpers

  /// Onset strength of all frames but the first, without those that its delay puts behind the last: `[batch, 1, frames − delay]`.
  private mutating func rises(of levels: String, delay: Int) -> String {
    let after = builder.slice(levels, "frontend.after", axis: 2, from: 1, to: delay > 1 ? 1 - delay : .max)
    let before = builder.slice(levels, "frontend.before", axis: 2, from: 0, to: -delay)
    let difference = builder.add("Sub", "frontend.difference", [after, before])
    let rise = builder.add("Relu", "frontend.rise", [difference])
    return builder.reduce("ReduceMean", "frontend.onsets", rise, axes: [1])
  }

  /// The envelope between what stands before and after the clip: zeros, and a straight line down to zero.
  private mutating func paddedEnvelope(_ onsets: String, lags: Int, delay: Int) -> String {
    let half = lags / 2
    let padded = builder.add(
      "Pad", "frontend.envelope", [onsets, builder.integers([0, 0, half + delay, 0, 0, 0])],
      ["mode": .text("constant")])
    let line = (0..<(lags - 1 - half)).map { Float(half - 1 - $0) / Float(half) }
    guard !line.isEmpty else { return padded }
    let last = builder.slice(onsets, "frontend.last", axis: 2, from: -1)
    let stored = builder.store("frontend.line", shape: [1, 1, line.count], .single(line[...]))
    let ramp = builder.add("Mul", "frontend.ramp", [last, stored])
    return builder.add("Concat", "frontend.padded-envelope", [padded, ramp], ["axis": .integer(2)])
  }

  /// Σ w[n] w[n + l] e[n] e[n + l] around every frame, as the inverse transform of the power spectrum of the windowed envelope
  /// between zeros, twice as long.
  private mutating func autocorrelations(of envelope: String, lags: Int) -> String {
    let (size, bins) = (2 * lags, lags + 1)
    let circle = (0..<size).map { 2 * Double.pi * Double($0) / Double(size) }
    let window = (0..<lags).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(lags)) }
    var filters: [Float] = []
    for table in [circle.map { cos($0) }, circle.map { sin($0) }] {
      for bin in 0..<bins {
        for tap in 0..<lags { filters.append(Float(window[tap] * table[bin * tap % size])) }
      }
    }
    let weight = builder.store("frontend.onset-fourier", shape: [2 * bins, 1, lags], .single(filters[...]))
    let spectrum = builder.add(
      "Conv", "frontend.onset-spectrum", [envelope, weight],
      [
        "dilations": .integers([1]), "group": .integer(1), "kernel_shape": .integers([lags]),
        "pads": .integers([0, 0]), "strides": .integers([1]),
      ])
    let squares = builder.add("Mul", "frontend.onset-squares", [spectrum, spectrum])
    let parts = builder.add(
      "Split", "frontend.onset-parts", [squares, builder.integers([bins, bins])], outputs: 2,
      ["axis": .integer(1)])
    let power = builder.add("Add", "frontend.onset-power", parts)
    var inverse: [Float] = []
    for lag in 0..<lags {
      for bin in 0..<bins {
        let share = bin == 0 || bin == lags ? 1.0 : 2.0
        inverse.append(Float(share * cos(circle[bin * lag % size]) / Double(size)))
      }
    }
    let matrix = builder.store("frontend.onset-inverse", shape: [lags, bins], .single(inverse[...]))
    return builder.add("MatMul", "frontend.autocorrelations", [matrix, power])
  }
}
