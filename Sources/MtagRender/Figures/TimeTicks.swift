import Foundation

/// Round times for the horizontal axis: seconds, minutes:seconds or hours:minutes, by the length of the clip.
struct TimeTicks {
  /// The times of the axis's ends, in seconds.
  let start: Double
  let end: Double

  /// Steps of clocks, in seconds, from one second up.
  private static let clockSteps: [Double] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
  ]
  /// Up to here plain seconds are easier to read than minutes.
  private static let longestInSeconds = 120.0
  private static let longestInMinutes = 3600.0

  /// A mark that lies less than a pixel beyond an end stands at the end: a first frame that begins at 0.008 s says 0.
  private static let slack = 0.001

  private var length: Double { end - start }

  /// What the numbers are.
  var caption: String {
    if length <= Self.longestInSeconds { return "time in seconds" }
    return length <= Self.longestInMinutes ? "time in minutes : seconds" : "time in hours : minutes"
  }

  /// Every step that could be used, finest first, from about `count` marks down to one.
  func ticks(atMost count: Int) -> [[Tick]] {
    let least = length / Double(max(count, 1))
    // The picture of a frame reaches half a hop before it, to where there is no sound.
    let first = max(start - Self.slack * length, 0)
    return steps(atLeast: least).map { step in
      RoundSteps.multiples(of: step, from: first, to: end + Self.slack * length).map {
        Tick(share: min(max(($0 - start) / length, 0), 1), text: text($0, step: step))
      }
    }
  }

  private func steps(atLeast least: Double) -> [Double] {
    var steps: [Double] = []
    if length <= Self.longestInSeconds {
      var step = RoundSteps.step(atLeast: least)
      while step <= 2 * length {
        steps.append(step)
        step = RoundSteps.step(atLeast: step * 1.5)
      }
    } else {
      steps = Self.clockSteps.filter { $0 >= least && $0 <= length && isShown($0) }
      if steps.isEmpty { steps = [RoundSteps.step(atLeast: least / 86_400) * 86_400] }
    }
    return steps
  }

  /// Hours and minutes cannot say steps of seconds.
  private func isShown(_ step: Double) -> Bool { length <= Self.longestInMinutes || step >= 60 }

  private func text(_ seconds: Double, step: Double) -> String {
    if length <= Self.longestInSeconds { return RoundSteps.text(seconds, step: step) }
    let whole = Int(seconds.rounded())
    let (large, small) =
      length <= Self.longestInMinutes ? (whole / 60, whole % 60) : (whole / 3600, whole / 60 % 60)
    return small < 10 ? "\(large):0\(small)" : "\(large):\(small)"
  }
}
