import Foundation
import MtagCore

/// Where a run stands: what `last.safetensors` holds besides model and moments.
struct CheckpointState: Codable, Hashable, Sendable {
  /// Epochs finished.
  var epoch = 0
  /// Steps done in the epoch under way.
  var stepInEpoch = 0
  /// Sum of the losses of those steps.
  var lossSum = 0.0
  /// Sum of their gradient norms.
  var gradientNormSum = 0.0
  /// Optimizer steps in all.
  var stepCount = 0
  /// Best validation metric so far; nil before the first that is defined.
  var bestMetric: Double?
  /// The epoch it was reached in; 0 before the first.
  var bestEpoch = 0
  /// `TrainingConfiguration.resultHash()`.
  var configurationSHA256: String
  /// The split's hash.
  var splitSHA256: String

  /// One line of JSON, keys sorted: the same text for the same state.
  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// Reads that line.
  static func read(_ text: String, path: String) throws -> CheckpointState {
    do {
      return try JSONDecoder().decode(CheckpointState.self, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw MtagError(.badData, "\(path): the training state is damaged: \(error.oneLine)")
    }
  }
}
