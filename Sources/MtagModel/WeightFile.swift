import Foundation
import MtagCore
import MtagFeatures

/// A .safetensors file as a store of named tensors, whoever wrote it: a `state_dict` saved from PyTorch, or a model of ours.
public final class WeightFile {
  /// The file.
  public let path: String
  /// Its tensors, in the order of their bytes; an optimizer's are left out.
  public let tensors: [WeightMatch.Source]
  /// Whether it is a model of this program, which `Model.load` reads whole.
  public let isModel: Bool
  private let reader: SafetensorsReader
  private let headers: [String: TensorHeader]

  /// Opens a file and checks its header; tensors are read when asked for.
  /// - Throws: `MtagError` naming the file: inputMissing if it cannot be opened, badData if it is no .safetensors file.
  public init(path: String) throws {
    let reader = try SafetensorsReader(path: path)
    let headers = reader.tensors.filter { !$0.name.hasPrefix(TrainingState.tensorPrefix) }
    self.path = path
    isModel = reader.metadata["format"] == ModelMetadata.format
    tensors = headers.map {
      WeightMatch.Source(name: $0.name, shape: $0.shape, type: $0.type.rawValue, isFloat: $0.type.isFloat)
    }
    self.headers = Dictionary(headers.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.reader = reader
  }

  /// The values of a tensor as 32-bit floats, row-major; 16-bit and 64-bit ones are converted.
  /// - Throws: `MtagError` naming the file: badData for a tensor that is not there or no floating-point one, inputOutput if
  ///   reading fails.
  public func values(_ tensor: WeightMatch.Source) throws -> [Float] {
    guard let header = headers[tensor.name] else {
      throw MtagError(.badData, "\(path) holds no tensor '\(tensor.name)'")
    }
    return try reader.values(header)
  }
}
