import Foundation
import MtagCore

/// What `Tools/onnx-check` compares with ONNX Runtime: files that hold the same network, inputs, and what our engine gives on them.
/// Written as NAME.json, arrays as raw little-endian floats beside it.
public struct ONNXCases: Encodable {
  /// A file, and how far each of its outputs may be off.
  public struct File: Encodable {
    let file: String
    let tolerances: [String: Double]

    /// Names a file in the folder of the cases.
    public init(_ file: String, tolerances: [String: Double]) {
      self.file = file
      self.tolerances = tolerances
    }
  }

  /// An array of a case.
  struct Array: Encodable {
    let file: String
    let shape: [Int]
  }

  /// One input and what must come out.
  struct Case: Encodable {
    let input: String
    let value: Array
    let expected: [String: Array]
  }

  private let name: String
  private let folder: String
  /// The files; every case is run on each that has its input.
  public var files: [File] = []
  private var cases: [Case] = []

  /// Starts a list in the folder that `MTAG_ONNX_OUT` names; nil if it names none.
  public init?(_ name: String) throws {
    guard let folder = ProcessInfo.processInfo.environment["MTAG_ONNX_OUT"] else { return nil }
    try AtomicFile.makeFolder(folder)
    self.name = name
    self.folder = folder
  }

  /// The path of a file in the folder.
  public func path(_ file: String) -> String { "\(folder)/\(file)" }

  /// Adds an input, and what must come out of it.
  public mutating func add(
    input: String, _ value: (shape: [Int], values: [Float]), expected: [String: (shape: [Int], values: [Float])]
  ) throws {
    let prefix = "\(name)-\(cases.count)"
    let input = Case(
      input: input, value: try write(value, "\(prefix)-\(input)"),
      expected: try Dictionary(
        uniqueKeysWithValues: expected.map { ($0.key, try write($0.value, "\(prefix)-out-\($0.key)")) }))
    cases.append(input)
  }

  /// Writes NAME.json.
  public func write() throws {
    try AtomicFile.write(try JSONEncoder().encode(self), to: path("\(name).json"))
  }

  private enum CodingKeys: String, CodingKey { case files, cases }

  private func write(_ array: (shape: [Int], values: [Float]), _ name: String) throws -> Array {
    precondition(array.values.count == array.shape.reduce(1, *), "\(name): \(array.values.count) values for \(array.shape)")
    let file = "\(name).f32"
    try AtomicFile.write(array.values.withUnsafeBytes { Data($0) }, to: path(file))
    return Array(file: file, shape: array.shape)
  }
}
