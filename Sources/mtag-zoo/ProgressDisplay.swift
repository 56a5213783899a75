import Foundation
import MtagZoo
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Shows long work on stderr: a bar that redraws itself on a terminal, a plain line every few seconds elsewhere.
final class ProgressDisplay: Sendable {
  private struct Task {
    var kind = ""
    var start = ContinuousClock.now
    var firstDone = 0
    var lastShown: ContinuousClock.Instant?
    var isBarOpen = false
  }

  private let task = Mutex(Task())
  private let isTerminal: Bool

  init() { isTerminal = isatty(STDERR_FILENO) == 1 }

  /// The terminal's width now: a bar that wraps would leave a line behind each time it is redrawn.
  private static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 80 }
    return max(20, Int(size.ws_col))
  }

  /// Takes a report of work; shows it if it is time.
  func update(_ update: ProgressUpdate) {
    task.withLock { task in
      // Epochs count their steps through, so `epoch 2/30` goes on where `epoch 1/30` was.
      let kind = update.unit + String(update.total)
      if task.kind != kind {
        task = Task(kind: kind, firstDone: max(0, update.done - 1), isBarOpen: task.isBarOpen)
      }
      let now = ContinuousClock.now
      let interval = isTerminal ? Duration.milliseconds(100) : .seconds(5)
      let isLast = update.done >= update.total
      let wait = task.lastShown ?? (isTerminal ? nil : task.start)
      if let wait, wait.duration(to: now) < interval, !(isLast && isTerminal) { return }
      task.lastShown = now
      let elapsed = task.start.duration(to: now)
      let line = Self.describe(update, elapsed: elapsed, countedDone: update.done - task.firstDone)
      if isTerminal {
        StandardStreams.message("\r\u{1B}[K" + String((Self.bar(update) + line).prefix(Self.columns - 1)))
        task.isBarOpen = true
        if isLast { Self.close(&task) }
      } else {
        StandardStreams.message(line + "\n")
      }
    }
  }

  /// Shows a line of text, above the bar if there is one.
  func note(_ line: String) {
    task.withLock { task in
      StandardStreams.message((task.isBarOpen ? "\r\u{1B}[K" : "") + line + "\n")
      task.isBarOpen = false
    }
  }

  /// Ends an open bar, so that what follows starts on a line of its own.
  func finish() { task.withLock { Self.close(&$0) } }

  private static func close(_ task: inout Task) {
    if task.isBarOpen { StandardStreams.message("\n") }
    task.isBarOpen = false
  }

  private static func bar(_ update: ProgressUpdate) -> String {
    let width = 20
    let filled = update.total > 0 ? min(width, update.done * width / update.total) : 0
    return "[" + String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled) + "] "
  }

  /// `epoch 3/30: 120/450 steps, 12.3 steps/s, 0:27 left, loss 1.2345`
  static func describe(_ update: ProgressUpdate, elapsed: Duration, countedDone: Int) -> String {
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    var line = "\(update.task): \(update.done)/\(update.total) \(update.unit)s"
    if seconds > 0, countedDone > 0 {
      let rate = Double(countedDone) / seconds
      let left = Int((Double(update.total - update.done) / rate).rounded())
      line += ", \(String(rounding: rate, digits: 1)) \(update.unit)s/s, \(clock(left)) left"
    }
    return update.detail.isEmpty ? line : line + ", " + update.detail
  }

  /// `1:02:03` or `2:03`
  private static func clock(_ seconds: Int) -> String {
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(seconds % 60))" : "\(minutes):\(two(seconds % 60))"
  }
}
