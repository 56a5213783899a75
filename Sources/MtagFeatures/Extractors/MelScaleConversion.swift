import Foundation

extension FeatureSpec.MelScale {
  /// Mel of a frequency in Hz.
  ///
  /// Slaney (Auditory Toolbox, 1998): 200/3 Hz a mel below 1 kHz, above it a step of ln(6.4)/27 in ln Hz.
  /// HTK (Young et al., The HTK Book): 2595 log10(1 + f / 700).
  func mel(hertz: Double) -> Double {
    switch self {
    case .htk: 2595 * log10(1 + hertz / 700)
    case .slaney:
      hertz < Self.breakHz
        ? hertz / Self.hertzPerMel
        : Self.breakHz / Self.hertzPerMel + log(hertz / Self.breakHz) / Self.logStep
    }
  }

  /// Frequency in Hz of a mel.
  func hertz(mel: Double) -> Double {
    switch self {
    case .htk: 700 * (pow(10, mel / 2595) - 1)
    case .slaney:
      mel < Self.breakHz / Self.hertzPerMel
        ? mel * Self.hertzPerMel
        : Self.breakHz * exp(Self.logStep * (mel - Self.breakHz / Self.hertzPerMel))
    }
  }

  /// `count` frequencies in Hz, equally spaced in mel from one to another.
  func edges(fromHz minimumHz: Double, toHz maximumHz: Double, count: Int) -> [Double] {
    let (low, high) = (mel(hertz: minimumHz), mel(hertz: maximumHz))
    return (0..<count).map { hertz(mel: low + (high - low) * Double($0) / Double(count - 1)) }
  }

  private static let hertzPerMel = 200.0 / 3
  private static let breakHz = 1000.0
  private static let logStep = log(6.4) / 27
}
