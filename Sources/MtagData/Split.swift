import MtagCore

/// Which tracks are trained on, which choose the best model, and which measure it.
public struct Split: Sendable, Codable, Hashable {
  /// A part of a split.
  public enum Part: String, Sendable, Codable, CaseIterable {
    /// Trained on.
    case train
    /// Chooses the best model.
    case valid
    /// Measures it.
    case test
  }

  /// The text it was made from, as typed.
  public let name: String
  /// SHA-256 over the sorted list of (track id, part): equal hashes are equal splits.
  public let sha256: String
  /// Indices of the tracks to train on, ascending.
  public let train: [Int]
  /// Indices of the tracks that choose the best model, ascending.
  public let valid: [Int]
  /// Indices of the tracks that measure it, ascending.
  public let test: [Int]
  /// Indices of the tracks in no part, ascending.
  public let unassigned: [Int]
  /// What a user should know, one line each: how many tracks were left out, and why.
  public let notes: [String]

  /// The tracks of a part.
  /// - Throws: `MtagError` (badData) if there are none.
  public func indices(of part: Part) throws -> [Int] {
    let indices =
      switch part {
      case .train: train
      case .valid: valid
      case .test: test
      }
    guard !indices.isEmpty else {
      throw MtagError(
        .badData,
        "split '\(name)' has no track in '\(part.rawValue)'; choose another split, such as random:0.8")
    }
    return indices
  }

  /// The split to take when a user names none: `column:split` if the dataset has one, `group:group:0.8` if it has groups
  /// (artists, albums) and every label has more than one of them, else `random:0.8`.
  public static func defaultText(for dataset: Dataset) -> String {
    if dataset.tracks.contains(where: { $0.split != nil }) { return "column:split" }
    return canSplitGroups(dataset) ? "group:group:0.8" : "random:0.8"
  }

  /// Whole groups can only be split if no label is the property of one group.
  private static func canSplitGroups(_ dataset: Dataset) -> Bool {
    guard dataset.tracks.allSatisfy({ $0.group != nil }) else { return false }
    return dataset.labels.indices.allSatisfy { label in
      Set(dataset.tracks.lazy.filter { $0.labels.contains(label) }.map(\.group)).count > 1
    }
  }
}
