import Synchronization

/// One report of long work, for whoever shows it.
public struct ProgressUpdate: Sendable {
  /// What is being done: `epoch 3 of 30`, `features`.
  public let task: String
  /// Units done so far.
  public let done: Int
  /// Units in all.
  public let total: Int
  /// What a unit is: `step`, `clip`.
  public let unit: String
  /// Anything else worth showing: a loss, a metric.
  public let detail: String

  /// Makes a report.
  public init(task: String, done: Int, total: Int, unit: String, detail: String = "") {
    self.task = task
    self.done = done
    self.total = total
    self.unit = unit
    self.detail = detail
  }
}

/// Where long work reports to and asks whether it should stop. The program draws bars; tests and libraries may ignore it.
public struct Observer: Sendable {
  /// Called often, from any thread.
  public let progress: @Sendable (ProgressUpdate) -> Void
  /// Called for a line that a user should read: a skipped clip, a finished epoch.
  public let note: @Sendable (String) -> Void
  /// Called for a line that only those want who asked for more: where an epoch's time went.
  public let detail: @Sendable (String) -> Void
  /// Called for what could not be done although the rest goes on: shown even where notes are not.
  public let problem: @Sendable (String) -> Void
  /// Whether the user asked to stop; long work looks at it between units and saves before it stops.
  public let isCancelled: @Sendable () -> Bool

  /// Makes an observer; what is left out does nothing.
  public init(
    progress: @escaping @Sendable (ProgressUpdate) -> Void = { _ in },
    note: @escaping @Sendable (String) -> Void = { _ in },
    detail: @escaping @Sendable (String) -> Void = { _ in },
    problem: @escaping @Sendable (String) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.progress = progress
    self.note = note
    self.detail = detail
    self.problem = problem
    self.isCancelled = isCancelled
  }

  /// An observer that shows nothing and never stops anything.
  public static let silent = Observer()

  /// Throws `MtagError` (interrupted) if the user asked to stop.
  public func checkCancelled() throws {
    if isCancelled() { throw MtagError(.interrupted, "interrupted") }
  }
}
