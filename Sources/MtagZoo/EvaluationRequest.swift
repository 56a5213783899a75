public import MtagData

/// What to evaluate, and on which clips.
public struct EvaluationRequest: Sendable {
  /// A run folder or model file; nil for the newest run.
  public var model: String?
  /// The data set; nil for the held-out clips of the run's own.
  public var dataset: String?
  /// The label column; nil for the run's own if the data set is the run's, else the data set's default.
  public var label: String?
  /// A split (`random:0.8`, `column:split` …), or a part of the run's own split (`valid`); nil for every clip.
  public var split: String?
  /// Which part of the split; nil for the test clips if there are any, else the validation clips.
  public var part: Split.Part?
  /// The seed of a random split; nil for the run's own.
  public var seed: UInt64?
  /// Chunks of each clip whose scores are averaged; nil for as many as in the run's validation.
  public var chunks: Int?
  /// Threads; they change no result.
  public var threads: Int

  /// Asks for the newest run on its own held-out clips.
  public init(threads: Int) { self.threads = threads }
}
