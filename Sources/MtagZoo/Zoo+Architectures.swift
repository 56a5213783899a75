import Foundation
import MtagCore
import MtagPlugins

extension Zoo {
  /// The architecture of a name: one of the registry, or the YAML file of that path.
  /// - Throws: `MtagError`: usage with near names if there is none; inputMissing or badData, by line, for a file.
  public func architecture(named name: String) throws -> ArchitectureEntry {
    if Self.isModelFile(name), !architectures.names.contains(name) {
      let declared = try DeclaredArchitecture(file: name)
      do {
        _ = try featureSpec(named: declared.card.features)
      } catch let error as MtagError {
        throw MtagError(.badData, "\(name): features: \(error.message)")
      }
      return ArchitectureEntry(declared)
    }
    return try architectures.item(named: name).entry
  }

  /// Whether a name is meant as the path of a declared architecture.
  static func isModelFile(_ name: String) -> Bool {
    [".yaml", ".yml"].contains { name.lowercased().hasSuffix($0) }
  }
}

extension DeclaredArchitecture {
  /// Reads a model's file.
  /// - Throws: `MtagError`: inputMissing if it cannot be opened, badData by line for what is wrong in it.
  init(file: String) throws {
    let bytes = try InputFile.sizeBytes(file)
    guard bytes <= Self.largestBytes else {
      throw MtagError(.badData, "\(file) has \(bytes) bytes, and a model takes at most \(Self.largestBytes)")
    }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw MtagError(.inputMissing, "\(file) cannot be read; check its permissions")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw MtagError(.badData, "\(file) is not UTF-8 text")
    }
    try self.init(text: text, file: file)
  }
}
