import Foundation
import MtagCore

/// An ONNX file as it stands on disk: its nodes, tensors, declarations and texts, each checked for its form, none yet for
/// its sense. Weights stay in the file's bytes until they are asked for.
///
/// Reading is safe for files from anywhere: sizes are checked against the bytes there are before memory is taken, the
/// parts that are kept are counted against limits, and nothing recurses.
/// - Source: ONNX IR specification, https://onnx.ai/onnx/repo-docs/IR.html.
public struct ONNXFile: Sendable {
  /// Where it was read from.
  public let path: String
  /// Version of the file format.
  public internal(set) var formatVersion = 0
  /// The program that wrote it, with its version.
  public internal(set) var producer = ""
  /// The operator sets it uses: version by domain; the standard one has the empty domain.
  public internal(set) var operatorSets: [String: Int] = [:]
  /// Texts about the model by key.
  public internal(set) var metadata: [String: String] = [:]
  /// The graph's name.
  public internal(set) var graphName = ""
  /// The operators, in the order in which they stand.
  public internal(set) var nodes: [Node] = []
  /// The stored tensors, in the order in which they stand.
  public internal(set) var tensors: [Tensor] = []
  /// The graph's inputs; old files list stored tensors here as well.
  public internal(set) var inputs: [Declaration] = []
  /// The graph's outputs.
  public internal(set) var outputs: [Declaration] = []
  /// What the file says about values in between.
  public internal(set) var innerValues: [Declaration] = []
  /// Number of functions of its own that the file defines.
  public internal(set) var functionCount = 0
  /// Number of sparse tensors.
  public internal(set) var sparseTensorCount = 0

  let storage: MappedFile

  /// The file's bytes.
  var bytes: UnsafeRawBufferPointer { storage.bytes }

  /// Reads a file.
  /// - Throws: `MtagError` naming the file: inputMissing if it cannot be opened, badData with the reason if it is no ONNX
  ///   file or larger than the reader's limits.
  public init(path: String) throws {
    let size = try InputFile.sizeBytes(path)
    guard size <= ONNXLimits.fileBytes else {
      throw MtagError(.badData, "\(path): \(size) bytes are more than an ONNX file can have (2 GiB)")
    }
    guard size > 0 else { throw MtagError(.badData, "\(path): the file is empty") }
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw MtagError(.inputMissing, "\(path) cannot be opened; check its permissions")
    }
    defer { try? handle.close() }
    // Read, not mapped: a mapped file that someone shortens meanwhile would end the program.
    guard let storage = MappedFile(descriptor: handle.fileDescriptor, copies: true, isReadWhole: true) else {
      throw MtagError(.inputOutput, "\(path) cannot be read whole; there may not be memory enough")
    }
    try self.init(storage: storage, path: path)
  }

  /// Reads bytes in memory; `path` names them in messages, and external data is looked for beside it.
  package init(bytes: [UInt8], path: String) throws {
    let storage = MappedFile(count: bytes.count) { $0.copyBytes(from: bytes) }
    guard let storage else { throw MtagError(.badData, "\(path): the file is empty") }
    try self.init(storage: storage, path: path)
  }

  private init(storage: MappedFile, path: String) throws {
    self.storage = storage
    self.path = path
    do {
      var budget = ReadingBudget()
      try readModel(&budget)
    } catch let fault as WireFault {
      throw MtagError(.badData, "\(path) is no usable ONNX file: \(Self.line(fault.reason))")
    }
  }

  /// An error about this file.
  func bad(_ reason: String) -> MtagError { MtagError(.badData, "\(path): \(Self.line(reason))") }

  /// A sentence on one line of a terminal: names of a file may hold anything.
  static func line(_ text: String) -> String {
    let plain = text.unicodeScalars.prefix(2000).map {
      $0.value < 32 || (127..<160).contains($0.value) ? "?" : $0
    }
    return String(String.UnicodeScalarView(plain))
  }
}
