import MtagCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How the learning rate moves from the first step to the last.
public enum LearningRateSchedule: String, Codable, Hashable, Sendable, CaseIterable {
  /// Always the base rate.
  case constant
  /// Half a cosine from the base rate down to zero (PyTorch's `CosineAnnealingLR`, closed form, `T_max` = steps).
  case cosine
  /// Up from a 25th of the base rate over the warm-up share, then down to a 250,000th, both along a cosine: PyTorch's
  /// `OneCycleLR` with its defaults (Smith and Topin, "Super-convergence", 2018), without the cycling of momentum.
  case oneCycle = "one-cycle"

  /// The learning rate of one step.
  /// - Parameters:
  ///   - step: 0 for the first step of the run.
  ///   - totalSteps: steps of the whole run, at least 1.
  ///   - base: the largest rate.
  ///   - warmUpShare: share of the run in which a one-cycle rate rises, in 0 ... 1.
  public func rate(step: Int, totalSteps: Int, base: Double, warmUpShare: Double) -> Double {
    switch self {
    case .constant: return base
    case .cosine: return between(base, 0, Double(step) / Double(totalSteps))
    case .oneCycle:
      let start = base / 25
      let end = start / 1e4
      let peakStep = warmUpShare * Double(totalSteps) - 1
      let position = Double(step)
      if position <= peakStep {
        return peakStep == 0 ? base : between(start, base, position / peakStep)
      }
      let lastStep = Double(totalSteps - 1)
      return lastStep <= peakStep ? end : between(base, end, (position - peakStep) / (lastStep - peakStep))
    }
  }

  /// Half a cosine from `first` (share 0) to `last` (share 1).
  private func between(_ first: Double, _ last: Double, _ share: Double) -> Double {
    last + (first - last) / 2 * (1 + cos(Double.pi * share))
  }
}
