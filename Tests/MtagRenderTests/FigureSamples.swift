import Foundation
import MtagCore

/// Maps of every kind, with their axes, for figures.
enum FigureSample: String, CaseIterable, Sendable {
  case mel, linear, logarithmic, pitch, chroma, tempo, cepstrum, deltas, contrast, waveform, shortWaveform
  case melody, harmonics, manyChannels, oneBand, oneFrame, oneCell, manyBands, hours, constant, silentWaveform

  /// The map: values in no order, from -80 to 0 or ±1.
  var map: FeatureMap {
    let (bands, frames, channels) = shape
    switch self {
    case .constant: return FeatureMap(bands: bands, frames: frames, values: filled(bands * frames, -80))
    case .silentWaveform: return FeatureMap(bands: 1, frames: frames, values: filled(frames, 0))
    default: break
    }
    let isSmall = [.waveform, .shortWaveform, .cepstrum].contains(self)
    let values = (0..<bands * frames * channels).map { index in
      let share = Float((index * 7919) % 1009) / 1008
      // Slopes are a hundredth of the coefficients.
      if self == .deltas { return (2 * share - 1) * (index < 20 * frames ? 1 : 0.01) }
      return isSmall ? 2 * share - 1 : -80 + 80 * share
    }
    return FeatureMap(bands: bands, frames: frames, channels: channels, values: values)
  }

  var axes: MapAxes {
    let (count, _, channels) = shape
    let bands: MapAxes.Bands =
      switch self {
      case .mel, .oneFrame, .hours, .constant:
        .frequency(
          centresHz: (1...count).map { 700 * (pow(10, Float($0) * 2840 / Float(count + 1) / 2595) - 1) })
      case .linear, .manyBands:
        .frequency(centresHz: (0..<count).map { Float($0) * 11_025 / Float(count - 1) })
      case .logarithmic: .frequency(centresHz: (0..<count).map { 32.7 * exp2(Float($0) / 24) })
      case .oneBand, .oneCell: .frequency(centresHz: [1234])
      case .pitch, .harmonics, .manyChannels: .pitch(midiNotes: (0..<count).map { 24 + Float($0) })
      case .melody: .pitch(midiNotes: (0..<count).map { 57 + Float($0) })
      case .chroma: .pitchClass(count: count)
      case .tempo: .tempo(beatsPerMinute: (0..<count).map { 60 * 22_050 / 512 / Float($0) })
      case .cepstrum: .index(name: "coefficient", first: 0)
      case .deltas:
        .groups(
          name: "coefficient",
          ["MFCC", "ΔMFCC", "ΔΔMFCC"].map { MapAxes.RowGroup(name: $0, rows: 20) })
      case .contrast: .frequencyRange(edgesHz: [0, 200, 400, 800, 1600, 3200, 6400, 11_025])
      case .waveform, .shortWaveform, .silentWaveform: .amplitude
      }
    let isWave = bands == .amplitude
    return MapAxes(
      bands: bands, secondsPerFrame: isWave ? 1.0 / 22_050 : self == .hours ? 0.1 : 512.0 / 22_050,
      firstFrameSeconds: 0,
      valueUnit: isWave ? "" : "dB", valueName: isWave ? "amplitude" : "power",
      channelNames: channels > 1 ? (1...channels).map { "harmonic \($0)" } : [])
  }

  private var shape: (bands: Int, frames: Int, channels: Int) {
    switch self {
    case .mel, .constant: (128, 300, 1)
    case .linear: (1025, 300, 1)
    case .logarithmic: (192, 300, 1)
    case .pitch: (84, 300, 1)
    case .chroma: (12, 300, 1)
    case .tempo: (384, 300, 1)
    case .cepstrum: (20, 300, 1)
    case .deltas: (60, 300, 1)
    case .contrast: (7, 300, 1)
    case .waveform, .silentWaveform: (1, 66_150, 1)
    case .shortWaveform: (1, 40, 1)
    case .melody: (24, 300, 1)
    case .harmonics: (60, 200, 6)
    case .manyChannels: (36, 50, 11)
    case .oneBand: (1, 300, 1)
    case .oneFrame: (128, 1, 1)
    case .oneCell: (1, 1, 1)
    case .manyBands: (10_000, 20, 1)
    case .hours: (2, 500_000, 1)
    }
  }

  private func filled(_ count: Int, _ value: Float) -> [Float] { [Float](repeating: value, count: count) }
}
