/// Collects how long each part of a step took. An engine without one measures nothing.
package final class StepProfile {
  /// A part of a training step or of inference.
  package enum Part: Hashable {
    /// A step of the plan, by its place.
    case forward(Int)
    case backward(Int)
    /// Anything else, by its name.
    case other(String)
  }

  /// Milliseconds of every run, by part.
  package private(set) var milliseconds: [Part: [Double]] = [:]

  /// Starts with nothing measured.
  package init() {}

  /// Forgets what was measured, such as the runs that warm up.
  package func removeAll() { milliseconds = [:] }

  fileprivate func add(_ part: Part, _ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    milliseconds[part, default: []].append(Double(seconds) * 1e3 + Double(attoseconds) * 1e-15)
  }
}

extension StepProfile? {
  /// Runs `body`, and measures it if somebody wants to know.
  func measure<Result>(_ part: @autoclosure () -> StepProfile.Part, _ body: () throws -> Result) rethrows
    -> Result
  {
    guard let profile = self else { return try body() }
    let start = ContinuousClock.now
    let result = try body()
    profile.add(part(), start.duration(to: .now))
    return result
  }
}
