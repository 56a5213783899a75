/// Where the frames of a clip lie: how many there are, how long each is, what is padded. Counts only, no samples.
package struct FrameLayout: Sendable {
  /// Samples of one frame, from where it starts to the last that it needs.
  package let frameLength: Int
  /// Where the window starts in a frame.
  package let windowOffset: Int
  /// Samples added before the first and after the last.
  package let padLength: Int

  private let hopLength: Int
  private let lastFrame: FeatureSpec.LastFrame
  /// Samples that pre-emphasis takes off the clip.
  private let lostSamples: Int

  /// Where the frames of a spec's clips lie.
  package init(spec: FeatureSpec) {
    let endsWithWindow = spec.windowAlignment == .start && !spec.isCentered
    frameLength = endsWithWindow ? spec.windowLength : spec.fftSize
    windowOffset = spec.windowAlignment == .start ? 0 : (spec.fftSize - spec.windowLength) / 2
    padLength = spec.isCentered ? spec.fftSize / 2 : 0
    hopLength = spec.hopLength
    lastFrame = spec.lastFrame
    lostSamples = spec.emphasizesClip ? 1 : 0
  }

  /// Frames of a clip.
  func frameCount(samples: Int) -> Int {
    guard samples > lostSamples else { return 0 }
    let padded = paddedCount(samples: samples)
    let free = padded - frameLength
    return switch lastFrame {
    case .whole: free < 0 ? 0 : 1 + free / hopLength
    case .covering: free < 0 ? 1 : 1 + Self.quotientRoundedUp(free, hopLength)
    case .partial: Self.quotientRoundedUp(padded, hopLength)
    }
  }

  /// Zeros behind the padding that the last frame needs.
  func missingSamples(samples: Int, frames: Int) -> Int {
    max(0, (frames - 1) * hopLength + frameLength - paddedCount(samples: samples))
  }

  /// The fewest samples that give a frame.
  var fewestSamples: Int {
    lostSamples + (lastFrame == .whole ? max(1, frameLength - 2 * padLength) : 1)
  }

  private func paddedCount(samples: Int) -> Int { samples - lostSamples + 2 * padLength }

  private static func quotientRoundedUp(_ value: Int, _ divisor: Int) -> Int {
    value / divisor + (value % divisor > 0 ? 1 : 0)
  }
}

extension FeatureSpec {
  /// Whether pre-emphasis runs over the whole clip, before padding.
  package var emphasizesClip: Bool { preEmphasis != 0 && preEmphasisScope == .clip }
}
