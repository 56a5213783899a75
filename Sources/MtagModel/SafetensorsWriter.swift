import Foundation
import MtagCore

/// Writes .safetensors files of 32-bit floats. The same content gives the same bytes: metadata and tensors are sorted by
/// name, and the header is padded so that the tensors start at a multiple of 64 bytes.
package struct SafetensorsWriter {
  private var metadata: [String: String] = [:]
  private var tensors: [String: (shape: [Int], values: ArraySlice<Float>)] = [:]

  /// Starts an empty file.
  package init() {}

  /// Sets a text of the header's `__metadata__`.
  package mutating func set(_ key: String, _ text: String) { metadata[key] = text }

  /// Adds a tensor, row-major. Names are unique, and `shape` says how many values there are.
  package mutating func add(_ name: String, shape: [Int], values: ArraySlice<Float>) {
    precondition(shape.reduce(1, *) == values.count, "\(name): \(values.count) values do not fill \(shape)")
    precondition(tensors.updateValue((shape, values), forKey: name) == nil, "tensor \(name) was added twice")
  }

  /// Writes the file under its name, whole or not at all.
  /// - Throws: `MtagError` (cannotCreate, inputOutput) as `AtomicFile`.
  package func write(to path: String) throws {
    let names = tensors.keys.sorted()
    let header = header(names)
    try AtomicFile.write(to: path) { file in
      try header.withUnsafeBytes { try file.append($0) }
      for name in names {
        guard let values = tensors[name]?.values else { continue }
        #if _endian(little)
          try values.withUnsafeBytes { try file.append($0) }
        #else
          try values.map(\.bitPattern.littleEndian).withUnsafeBytes { try file.append($0) }
        #endif
      }
    }
  }

  // MARK: - Helpers

  private func header(_ names: [String]) -> [UInt8] {
    let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
    var entries = pairs.isEmpty ? [] : ["\"__metadata__\":{\(pairs.joined(separator: ","))}"]
    var offset = 0
    for name in names {
      guard let tensor = tensors[name] else { continue }
      let end = offset + 4 * tensor.values.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(quoted(name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var text = Array("{\(entries.joined(separator: ","))}".utf8)
    let padding = (64 - (8 + text.count) % 64) % 64
    text.append(contentsOf: [UInt8](repeating: 0x20, count: padding))
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }

  /// A JSON string.
  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 32:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
