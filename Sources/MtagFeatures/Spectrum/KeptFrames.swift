import Foundation
import MtagCore
import MtagKernelTypes

/// What was kept of a clip's frames, and what is known of the clip as a whole once it has ended.
struct KeptFrames {
  private let store: FrameStore
  /// Frames of the clip.
  let frames: Int
  /// The largest values of the clip, `[peakRows]`, before `valueScale`.
  let peaks: [Float]
  /// What values that are proportional to the spectrum are multiplied by: not 1 if the waveform is scaled to unit norm.
  let valueScale: Float

  init(store: FrameStore, frames: Int, peaks: [Float], valueScale: Float) {
    self.store = store
    self.frames = frames
    self.peaks = peaks
    self.valueScale = valueScale
  }

  /// Lends the kept values from left to right: `[keptRows, 16]`, of which the first `columns` columns belong to the clip.
  func forEachGroup(_ body: (_ group: UnsafePointer<Float>, _ columns: Int) throws -> Void) throws {
    var done = 0
    try store.forEachGroup { group in
      let columns = min(FeatureKernels.framesPerGroup, frames - done)
      guard columns > 0 else { return }
      try body(group, columns)
      done += columns
    }
  }

  /// The spec's rule for levels, with the clip's maximum put in.
  /// - Parameter row: which of the maxima belongs to the values.
  func levelRule(_ spec: FeatureSpec, peak row: Int = 0) -> LevelRule {
    let level = spec.level
    let largest = Double(level.gain * max(peaks[row] * valueScale, level.minimumValue) + level.offset)
    let reference = level.function == .decibels && level.reference == .clipMaximum ? largest : 1
    let perOctave = level.perOctave(magnitudeExponent: spec.magnitudeExponent)
    var floor = -Float.infinity
    if level.function == .decibels, let floorDB = level.floorDB {
      floor = Float(perOctave * log2(largest / reference)) - floorDB
    }
    return LevelRule(
      valueScale: valueScale, minimum: level.minimumValue, gain: level.gain, offset: level.offset,
      takesLogarithm: level.function != .linear, reference: Float(reference), perOctave: Float(perOctave),
      floor: floor, mean: level.mean, inverseDeviation: 1 / level.deviation)
  }
}

extension FeatureSpec.Level {
  /// What a doubling of the value is worth.
  fileprivate func perOctave(magnitudeExponent: Float) -> Double {
    switch function {
    case .decibels: 20 / Double(magnitudeExponent) * log10(2)
    case .naturalLogarithm: log(2)
    case .logarithm10: log10(2)
    case .linear: 1
    }
  }
}
