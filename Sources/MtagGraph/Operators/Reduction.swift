extension Operation {
  /// Attributes of a reduction: one band, one frame or both are left.
  public struct Reduction: Codable, Hashable, Sendable {
    /// What becomes of the values along the axis.
    public enum Function: String, Codable, Hashable, Sendable, CaseIterable {
      case mean, max, sum
    }

    /// The axes that are reduced.
    public enum Range: String, Codable, Hashable, Sendable, CaseIterable {
      case bands, frames, both
    }

    /// What becomes of the values.
    public var function: Function
    /// Along which axes.
    public var range: Range

    /// Makes a reduction's attributes.
    public init(_ function: Function, over range: Range) {
      self.function = function
      self.range = range
    }
  }
}

extension Operation.Reduction: OperatorRule {
  var label: String { "\(function.rawValue) over \(range == .both ? "bands and frames" : range.rawValue)" }

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    var shape = inputs[0]
    if range != .frames { shape.bands = min(shape.bands, 1) }
    if range != .bands { shape.frames = min(shape.frames, 1) }
    return shape
  }
}

/// The mean over all bands and frames.
struct GlobalAveragePoolRule: OperatorRule {
  var label: String { "global average pool" }

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    TensorShape(
      batch: inputs[0].batch, bands: min(inputs[0].bands, 1), frames: min(inputs[0].frames, 1),
      channels: inputs[0].channels)
  }
}
