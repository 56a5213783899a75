import MtagCore
import MtagGraph

/// What the axes of an ONNX file's input mean.
public struct InputMeaning: Hashable, Sendable {
  /// An axis.
  public enum Axis: String, Hashable, Sendable, CaseIterable {
    case batch, channels, bands, frames
  }

  /// One for each axis of the input.
  public let axes: [Axis]

  /// Takes axes as they stand in the file.
  /// - Throws: `MtagError` (usage) if one stands twice, or frames are missing.
  public init(_ axes: [Axis]) throws {
    guard Set(axes).count == axes.count, axes.contains(.frames), axes.contains(.batch) else {
      throw MtagError(
        .usage,
        "axes \(axes.map(\.rawValue).joined(separator: ",")) must name batch and frames, and none twice")
    }
    self.axes = axes
  }

  /// Reads `batch,channels,bands,frames`; `samples` is another name of frames, `channel` and `band` stand for the plural.
  /// - Throws: `MtagError` (usage) for an axis that is not known.
  public init(parsing text: String) throws {
    let names = [
      "samples": "frames", "time": "frames", "channel": "channels", "band": "bands", "frequency": "bands",
    ]
    try self.init(
      text.split(separator: ",").map { word in
        let name = word.trimmingPrefix { $0 == " " }.lowercased()
        guard let axis = Axis(rawValue: names[name] ?? name) else {
          throw MtagError(
            .usage, "axis '\(word)' is not known; axes are batch, channels, bands and frames (or samples)")
        }
        return axis
      })
  }

  /// The meaning that sizes suggest: `[batch, channels, bands, frames]`, `[batch, bands, frames]`, `[batch, samples]`; an
  /// open size beside the batch is that of frames, one channel at the end stands behind the others, and a channel before
  /// samples is one.
  static func guessed(_ sizes: [Int?]) -> InputMeaning? {
    let axes: [Axis]? =
      switch sizes.count {
      case 2: [.batch, .frames]
      case 3 where sizes[1] == 1: [.batch, .channels, .frames]
      case 3 where sizes[2] == 1: [.batch, .frames, .channels]
      case 3: sizes[1] == nil && sizes[2] != nil ? [.batch, .frames, .bands] : [.batch, .bands, .frames]
      case 4 where sizes[3] == 1 && sizes[1] != 1:
        sizes[1] == nil && sizes[2] != nil
          ? [.batch, .frames, .bands, .channels] : [.batch, .bands, .frames, .channels]
      case 4:
        sizes[2] == nil && sizes[3] != nil
          ? [.batch, .channels, .frames, .bands] : [.batch, .channels, .bands, .frames]
      default: nil
      }
    return axes.flatMap { try? InputMeaning($0) }
  }

  /// `batch, channels, bands, frames`
  var text: String { axes.map(\.rawValue).joined(separator: ", ") }

  var roles: [AxisFactor.Role] {
    axes.map { axis in
      switch axis {
      case .batch: .batch
      case .channels: .channels
      case .bands: .bands
      case .frames: .frames
      }
    }
  }
}

extension InputMeaning.Axis: CustomStringConvertible {
  /// Its name.
  public var description: String { rawValue }
}
