import MtagFeatures

/// How frames become windows of a convolution: what is put before and after the clip, and which samples a filter sees.
struct FramePlan {
  /// Samples on each side of the clip.
  struct Sides: Hashable {
    let before: Int
    let after: Int
    static let none = Sides(before: 0, after: 0)
  }

  /// Samples of a frame.
  let frameLength: Int
  /// Whether filters see the window alone and not the zeros around it in the frame. They do if no frame starts before
  /// what is padded.
  let trimsToWindow: Bool
  /// Mirrored samples next to the clip.
  let reflected: Sides
  /// Zeros outside of these.
  let zeros: Sides

  init(spec: FeatureSpec) {
    let layout = FrameLayout(spec: spec)
    let (pad, offset) = (layout.padLength, layout.windowOffset)
    let rest = layout.frameLength - offset - spec.windowLength
    let extra = Self.extraZeros(spec)
    let trims = pad >= offset && pad + extra >= rest
    let before = trims ? pad - offset : pad
    let after = pad + extra - (trims ? rest : 0)
    frameLength = layout.frameLength
    trimsToWindow = trims
    if spec.padding == .reflect, pad > 0 {
      reflected = Sides(before: before, after: min(pad, after))
      zeros = Sides(before: 0, after: after - min(pad, after))
    } else {
      reflected = .none
      zeros = Sides(before: before, after: after)
    }
  }

  /// Zeros behind the clip that give the frames at its end which the spec counts, and no more.
  static func extraZeros(_ spec: FeatureSpec) -> Int {
    switch spec.lastFrame {
    case .whole: 0
    case .covering: spec.hopLength - 1
    case .partial: FrameLayout(spec: spec).frameLength - 1
    }
  }

  /// The fewest samples for which the padding is defined and a frame comes out.
  static func fewestSamples(_ spec: FeatureSpec) -> Int {
    let layout = FrameLayout(spec: spec)
    let lost = spec.emphasizesClip ? 1 : 0
    let mirrored = spec.padding == .reflect && layout.padLength > 0 ? layout.padLength + 1 : 1
    let filled = layout.frameLength - 2 * layout.padLength - extraZeros(spec)
    return lost + max(1, mirrored, filled)
  }
}
