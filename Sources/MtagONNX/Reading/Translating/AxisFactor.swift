import MtagGraph

/// A run along one of the engine's axes: the part of an ONNX axis that index `(position / stride) % size` of it makes.
struct AxisFactor: Hashable {
  /// An axis of the engine's values `[batch, bands, frames, channels]`.
  enum Role: String, Hashable, CaseIterable {
    case batch, bands, frames, channels

    /// The axis as operators name it; nil for the batch.
    var axis: Operation.Axis? {
      switch self {
      case .batch: nil
      case .bands: .bands
      case .frames: .frames
      case .channels: .channels
      }
    }
  }

  var role: Role
  /// How many places it has; 2 or more.
  var size: Int
  /// Places of the engine's axis from one to the next.
  var stride: Int
}

extension TensorShape {
  /// The size of an axis.
  subscript(role: AxisFactor.Role) -> Int {
    get {
      switch role {
      case .batch: batch
      case .bands: bands
      case .frames: frames
      case .channels: channels
      }
    }
    set {
      switch role {
      case .batch: batch = newValue
      case .bands: bands = newValue
      case .frames: frames = newValue
      case .channels: channels = newValue
      }
    }
  }
}
