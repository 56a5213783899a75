import Foundation
import MtagCore

/// An open .safetensors file: its header is read and checked at once, its tensors when asked for.
///
/// The memory it takes is bounded by what the file really holds, never by what its header claims.
/// - Source: format description at https://github.com/huggingface/safetensors ("Format").
package struct SafetensorsReader: ~Copyable {
  /// The file.
  package let path: String
  /// Free text by key: the header's `__metadata__`.
  package let metadata: [String: String]
  /// The tensors, in the order of their bytes.
  package let tensors: [TensorHeader]
  private let handle: FileHandle
  private let dataOffset: Int

  /// The longest header that is read, in bytes; the format's own limit.
  package static let longestHeaderBytes = 100_000_000

  /// Opens a file and checks its header.
  /// - Throws: `MtagError` naming the file: inputMissing if it cannot be opened, badData if it is no .safetensors file.
  package init(path: String) throws {
    let (handle, size) = try Self.open(path)
    guard size >= 8, let prefix = try Self.read(handle, at: 0, count: 8, path: path) else {
      throw Self.bad(path, "it has \(size) bytes and no header")
    }
    let claimed = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard claimed <= UInt64(Self.longestHeaderBytes) else {
      throw Self.bad(
        path, "its header claims \(claimed) bytes, more than the format's \(Self.longestHeaderBytes)")
    }
    let length = Int(claimed)
    guard length <= size - 8, let header = try Self.read(handle, at: 8, count: length, path: path) else {
      throw Self.bad(path, "its header claims \(length) bytes, and the file has \(size); it is truncated")
    }
    let (metadata, tensors) = try Self.parse(header, bodyBytes: size - 8 - length, path: path)
    self.path = path
    self.handle = handle
    self.dataOffset = 8 + length
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The values of a tensor, converted to 32-bit floats.
  /// - Throws: `MtagError` (badData) if its type is no floating-point one, inputOutput if reading fails.
  package func values(_ tensor: TensorHeader) throws -> [Float] {
    let start = dataOffset + tensor.bytes.lowerBound
    guard let data = try Self.read(handle, at: start, count: tensor.bytes.count, path: path) else {
      throw MtagError(
        .inputOutput, "\(path): tensor '\(tensor.name)' cannot be read; the file became shorter")
    }
    guard let values = FloatDecoding.decode(data, as: tensor.type) else {
      throw Self.bad(path, "tensor '\(tensor.name)' is \(tensor.type.rawValue), not a floating-point type")
    }
    return values
  }

  deinit { try? handle.close() }

  // MARK: - Helpers

  private static func open(_ path: String) throws -> (FileHandle, size: Int) {
    let size = try InputFile.sizeBytes(path)
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw MtagError(.inputMissing, "\(path) cannot be opened; check its permissions")
    }
    return (handle, size)
  }

  /// `count` bytes, or nil if the file ends before.
  private static func read(_ handle: FileHandle, at offset: Int, count: Int, path: String) throws -> Data? {
    guard count > 0 else { return Data() }
    do {
      try handle.seek(toOffset: UInt64(offset))
      let data = try handle.read(upToCount: count) ?? Data()
      return data.count == count ? data : nil
    } catch {
      throw MtagError(.inputOutput, "\(path) cannot be read at byte \(offset)")
    }
  }

  private static func parse(
    _ header: Data, bodyBytes: Int, path: String
  ) throws -> ([String: String], [TensorHeader]) {
    guard String(validating: header, as: UTF8.self) != nil else {
      throw bad(path, "its header is not UTF-8 text")
    }
    guard header.first == UInt8(ascii: "{") else { throw bad(path, "its header does not start with '{'") }
    var metadata: [String: String] = [:]
    var tensors: [TensorHeader] = []
    do {
      var scanner = HeaderScanner([UInt8](header))
      try scanner.object { scanner, name in
        guard name == "__metadata__" else { return tensors.append(try tensor(name, from: &scanner)) }
        try scanner.object { scanner, key in metadata[key] = try scanner.string() }
      }
      try scanner.end()
    } catch let fault as HeaderScanner.Fault {
      throw bad(path, fault.reason)
    }
    tensors.sort { ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound) }
    var end = 0
    for tensor in tensors {
      guard tensor.bytes.lowerBound == end else {
        throw bad(path, "tensor '\(tensor.name)' starts at byte \(tensor.bytes.lowerBound), not \(end)")
      }
      end = tensor.bytes.upperBound
    }
    guard end == bodyBytes else {
      throw bad(path, "its tensors take \(end) bytes, and it holds \(bodyBytes); it is truncated or damaged")
    }
    return (metadata, tensors)
  }

  /// `{"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}`
  private static func tensor(_ name: String, from scanner: inout HeaderScanner) throws -> TensorHeader {
    var typeName = ""
    var shape: [Int]?
    var offsets: [Int] = []
    try scanner.object { scanner, key in
      switch key {
      case "dtype": typeName = try scanner.string()
      case "shape": shape = try scanner.numbers()
      case "data_offsets": offsets = try scanner.numbers()
      default: throw HeaderScanner.Fault(reason: "tensor '\(name)' has an unknown field '\(key)'")
      }
    }
    guard let type = TensorHeader.ElementType(rawValue: typeName) else {
      throw HeaderScanner.Fault(reason: "tensor '\(name)' has the unknown element type '\(typeName)'")
    }
    guard let shape, offsets.count == 2, offsets[0] <= offsets[1] else {
      throw HeaderScanner.Fault(reason: "tensor '\(name)' lacks its shape or its offsets")
    }
    let bytes = shape.reduce(type.byteCount as Int?) { total, size in
      guard let (product, overflow) = total?.multipliedReportingOverflow(by: size), !overflow else {
        return nil
      }
      return product
    }
    guard bytes == offsets[1] - offsets[0] else {
      throw HeaderScanner.Fault(
        reason: "tensor '\(name)' of shape \(shape) does not fit its \(offsets[1] - offsets[0]) bytes")
    }
    return TensorHeader(name: name, type: type, shape: shape, bytes: offsets[0]..<offsets[1])
  }

  private static func bad(_ path: String, _ reason: String) -> MtagError {
    MtagError(.badData, "\(path) is no usable .safetensors file: \(reason)")
  }
}
