import Foundation
import MtagCore
import MtagData

/// The files of one training run. Each is written atomically, so a kill at any moment leaves a folder to resume from.
public struct RunFolder: Sendable, Hashable {
  /// The folder's path.
  public let path: String

  /// Names a run folder; nothing is read or made.
  public init(_ path: String) { self.path = path }

  /// Everything needed to repeat the run.
  public var configuration: String { path + "/config.yaml" }
  /// The declared architecture of the run, if it is one.
  public var architecture: String { path + "/" + Self.architectureName }
  /// What that is called in the run's folder and its configuration.
  public static let architectureName = "architecture.yaml"
  /// Who was trained on and who validated on, with the hash.
  public var split: String { path + "/split.json" }
  /// One line an epoch.
  public var metrics: String { path + "/metrics.jsonl" }
  /// The model of the best epoch.
  public var best: String { path + "/best.safetensors" }
  /// The model as it is, with what resuming needs.
  public var last: String { path + "/last.safetensors" }
  /// A page about the run.
  public var report: String { path + "/report.html" }

  /// Makes the folder for a new run.
  /// - Throws: `MtagError` (cannotCreate) if it already holds one.
  func create() throws {
    for file in [configuration, best, last] where FileManager.default.fileExists(atPath: file) {
      throw MtagError(
        .cannotCreate,
        "\(path) already holds a run; go on with --resume \(path), or choose another folder with --out")
    }
    try AtomicFile.makeFolder(path)
  }

  /// The records of the first `epochs` epochs.
  /// - Throws: `MtagError` (badData) if a line cannot be read.
  public func records(epochs: Int = .max) throws -> [EpochRecord] {
    guard let data = FileManager.default.contents(atPath: metrics) else { return [] }
    do {
      let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").prefix(epochs)
      return try lines.map { try JSONDecoder().decode(EpochRecord.self, from: Data($0.utf8)) }
    } catch let error as DecodingError {
      throw MtagError(.badData, "\(metrics): \(error.oneLine)")
    }
  }

  /// Writes the records, replacing those that are there.
  func write(_ records: [EpochRecord]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let lines = try records.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }
    try AtomicFile.write(lines.joined(), to: metrics)
  }

  /// Writes the split: name, hash, and the clips of each part by their path in the data set.
  func write(_ split: Split, of dataset: Dataset) throws {
    func ids(_ indices: [Int]) -> [String] { indices.map { dataset.tracks[$0].id } }
    let content = SplitContent(
      name: split.name, sha256: split.sha256, train: ids(split.train), valid: ids(split.valid),
      test: ids(split.test))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try AtomicFile.write(try encoder.encode(content), to: self.split)
  }

  private struct SplitContent: Encodable {
    let name: String
    let sha256: String
    let train: [String]
    let valid: [String]
    let test: [String]
  }
}
