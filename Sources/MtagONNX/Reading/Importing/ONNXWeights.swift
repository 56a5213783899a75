import MtagCore
import MtagGraph
public import MtagModel

/// The weights of an ONNX file, for a network that starts from them.
public struct ONNXWeights: Sendable {
  /// What there is: of a file that can be translated, parameters under the names and in the shapes that they have here (matrices
  /// turned as PyTorch has them, gates in PyTorch's order); else the stored tensors as they are.
  public let sources: [WeightMatch.Source]
  /// The model, if this program wrote the file.
  public let model: Model?
  private let file: ONNXFile
  private let known: Weights?

  /// Looks what a file has. Nothing is refused here: a file that cannot be translated still holds tensors.
  public init(_ file: ONNXFile) {
    self.file = file
    if file.metadata["producer"] == "mtag-zoo", case .same(let own)? = try? OwnFile(file).model() {
      model = own
      known = own.weights
    } else {
      model = nil
      known = (try? file.translated())?.weights
    }
    if let known {
      sources = known.parameters.map { WeightMatch.Source(name: $0.name, shape: $0.shape) }
    } else {
      sources = file.tensors.map {
        WeightMatch.Source(
          name: $0.name, shape: $0.shape, type: $0.type?.name ?? "unknown", isFloat: $0.type?.isFloat == true)
      }
    }
  }

  /// The values of a tensor as 32-bit floats, row-major.
  /// - Throws: `MtagError` (badData) for a tensor that is not there or cannot be read.
  public func values(_ source: WeightMatch.Source) throws -> [Float] {
    if let values = known?[source.name] { return values }
    guard let tensor = file.tensors.first(where: { $0.name == source.name }) else {
      throw file.bad("it holds no tensor '\(source.name)'")
    }
    return try file.floats(tensor)
  }
}
