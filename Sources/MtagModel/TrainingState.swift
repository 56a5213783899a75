import MtagCore

/// What a training run needs besides the model to go on to the same bytes. It stands in the same file: tensors as
/// `optimizer.NAME`, the text as `training_state` in the header's metadata.
public struct TrainingState: Sendable, Hashable {
  /// The optimizer's moments by name, each in the order of `Weights.values`.
  public var moments: [String: [Float]]
  /// JSON by MtagTraining: step, epoch, generator and loader state.
  public var text: String

  /// Makes a state.
  public init(moments: [String: [Float]], text: String) {
    self.moments = moments
    self.text = text
  }

  static let tensorPrefix = "optimizer."
  static let textKey = "training_state"

  /// Reads the state that `Model.save(to:extra:)` put beside a model.
  /// - Throws: `MtagError` naming the file (inputMissing, badData), also if it holds a model alone.
  public static func load(_ path: String) throws -> TrainingState {
    let file = try SafetensorsReader(path: path)
    guard let text = file.metadata[textKey] else {
      throw MtagError(.badData, "\(path) holds no training state; resume from a run's last.safetensors")
    }
    var moments: [String: [Float]] = [:]
    for tensor in file.tensors where tensor.name.hasPrefix(tensorPrefix) {
      moments[String(tensor.name.dropFirst(tensorPrefix.count))] = try file.values(tensor)
    }
    return TrainingState(moments: moments, text: text)
  }
}
