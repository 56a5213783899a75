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
  /// The base rate, after a warm-up.
  case constant
  /// Half a cosine from the base rate down to zero, after a warm-up (PyTorch's `CosineAnnealingLR`, closed form, `T_max` =
  /// the steps that are left).
  case cosine
  /// Up from a 25th of the base rate over the warm-up share, then down to a 250,000th, both along a cosine: PyTorch's
  /// `OneCycleLR` with its defaults (Smith and Topin, "Super-convergence", 2018), without the cycling of momentum.
  case oneCycle = "one-cycle"

  /// The share of a run that warms up if a user says nothing: that of the reference recipe for one-cycle, else none.
  public var defaultWarmUpShare: Double { self == .oneCycle ? 0.2 : 0 }

  /// The learning rate of one step. Constant and cosine rates warm up along a line from base / steps of the warm-up (PyTorch's
  /// `LinearLR` in a `SequentialLR`).
  /// - Parameters:
  ///   - step: 0 for the first step of the run.
  ///   - totalSteps: steps of the whole run, at least 1.
  ///   - base: the largest rate.
  ///   - warmUpShare: share of the run in which the rate rises, in 0 ... 1.
  public func rate(step: Int, totalSteps: Int, base: Double, warmUpShare: Double) -> Double {
    let warmUpSteps = Int((warmUpShare * Double(totalSteps)).rounded())
    if self != .oneCycle, step < warmUpSteps { return base * Double(step + 1) / Double(warmUpSteps) }
    switch self {
    case .constant: return base
    case .cosine: return between(base, 0, Double(step - warmUpSteps) / Double(totalSteps - warmUpSteps))
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
