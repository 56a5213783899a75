import Foundation
import MtagCore
public import MtagData

/// What `evaluate` finds out, in the JSON that DESIGN section 5 promises.
public struct EvaluationReport: Codable, Hashable, Sendable {
  /// Metrics of one label; what does not apply, or is undefined for want of clips, is nil.
  public struct LabelMetrics: Codable, Hashable, Sendable {
    /// Single label: share of the label's clips that were given it.
    public var accuracy: Double?
    /// Several labels: area under the receiver operating characteristic.
    public var rocAUC: Double?
    /// Several labels: average precision.
    public var prAUC: Double?
    /// F1 (several labels: of the decision score ≥ 0.5).
    public var f1: Double?
    /// Clips that have the label.
    public var support: Int

    enum CodingKeys: String, CodingKey {
      case accuracy, f1, support
      case rocAUC = "roc_auc"
      case prAUC = "pr_auc"
    }
  }

  /// Which clips were evaluated.
  public struct SplitName: Codable, Hashable, Sendable {
    /// The split as typed, or `all`.
    public var name: String
    /// Its hash: over the paths of the clips evaluated if there was no split.
    public var sha256: String
    /// `train`, `valid`, `test` or `all`.
    public var part: String

    /// Names a split.
    public init(name: String, sha256: String, part: String) {
      self.name = name
      self.sha256 = sha256
      self.part = part
    }
  }

  /// Whether clips may have several labels.
  public var isMultiLabel: Bool
  /// Single label: share of clips given their label; nil if there is no clip.
  public var accuracy: Double?
  /// Several labels: mean over the labels for which it is defined.
  public var rocAUC: Double?
  /// Several labels: mean over the labels for which it is defined.
  public var prAUC: Double?
  /// Mean F1 over the labels that have clips.
  public var f1: Double?
  /// Metrics of each label, in the order of `labels`.
  public var perLabel: [LabelMetrics]
  /// Single label: clips by true (row) and given (column) label; empty for several labels.
  public var confusion: [[Int]]
  /// Label names.
  public var labels: [String]
  /// Which clips.
  public var split: SplitName
  /// Clips evaluated.
  public var clips: Int
  /// Clips that could not be read.
  public var skipped: [SkippedClip]

  /// The figure that training watches: accuracy, or macro ROC-AUC; nil if it is undefined.
  public var headline: Double? { isMultiLabel ? rocAUC : accuracy }
  /// Its name in files and tables.
  public var headlineName: String { Self.headlineName(isMultiLabel: isMultiLabel) }

  static func headlineName(isMultiLabel: Bool) -> String { isMultiLabel ? "roc_auc" : "accuracy" }

  /// The report as one line of JSON, keys sorted.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
