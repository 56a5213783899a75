/// What must hold for every network of the zoo, whoever added it.
public enum ConformanceCheck: String, Sendable, CaseIterable, CustomStringConvertible {
  /// One finite score a label and clip; two clips differ; a clip scores the same alone and in a batch.
  case scores
  /// The shortest input works, one frame less is refused with a sentence that says so, and longer ones work.
  case lengths
  /// Silence, and any constant, gives finite scores and finite gradients.
  case silence
  /// What is not a number is not hidden: it spoils the loss and its own clip, and no other clip.
  case notANumber
  /// The same bytes with 1, 2, 3 and 8 threads, in training and inference, and from eight engines at once.
  case threads
  /// Along directions through all weights, the loss rises as the gradient says.
  case gradients
  /// Every weight that is trained gets a gradient.
  case everyWeight
  /// A few steps on one batch lower its loss.
  case learning

  /// A few words for reports.
  public var description: String {
    switch self {
    case .scores: "scores"
    case .lengths: "shortest and longer inputs"
    case .silence: "silence"
    case .notANumber: "not a number"
    case .threads: "threads"
    case .gradients: "gradients"
    case .everyWeight: "every weight has a gradient"
    case .learning: "learning"
    }
  }
}
