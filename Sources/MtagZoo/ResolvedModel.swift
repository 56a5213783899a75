import Foundation
public import MtagCore
public import MtagModel
public import MtagTraining

/// A model that was found, with the configuration of the run it comes from, if it comes from one.
public struct ResolvedModel: Sendable {
  /// The model.
  public let model: Model
  /// Its file.
  public let path: String
  /// The configuration of its run.
  public let configuration: TrainingConfiguration?
}

extension Zoo {
  /// The model of a run folder, of a name under the runs folder, or of a `.safetensors` or `.onnx` file; nil takes the newest
  /// run.
  /// - Parameter onnx: what an ONNX file does not say about itself.
  /// - Throws: `MtagError` (inputMissing) saying where it was looked for and what to do.
  public func model(
    _ name: String?, onnx: ONNXChoices = .init(), observer: Observer = .silent
  ) throws -> ResolvedModel {
    let path = try modelFile(name)
    if path.lowercased().hasSuffix(".onnx") {
      return ResolvedModel(
        model: try onnxModel(path, onnx, observer: observer), path: path, configuration: nil)
    }
    guard onnx == .init() else {
      throw MtagError(
        .usage,
        "\(path) says itself what its network reads; --features, --axes, --frames and --multi-label are "
          + "for ONNX files of other programs")
    }
    let folder = RunFolder((path as NSString).deletingLastPathComponent)
    let hasRun = FileManager.default.fileExists(atPath: folder.configuration)
    return ResolvedModel(
      model: try Model.load(path), path: path,
      configuration: hasRun ? try TrainingConfiguration.load(folder.configuration) : nil)
  }

  private func modelFile(_ name: String?) throws -> String {
    guard let name else { return try checkpoint(in: try newestRun()) }
    for candidate in [name, "\(runsFolder)/\(name)"] {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder) else { continue }
      return isFolder.boolValue ? try checkpoint(in: candidate) : candidate
    }
    if architectures.names.contains(name) {
      throw MtagError(
        .inputMissing,
        "'\(name)' is an architecture without weights; train it with: mtag-zoo train --model \(name)")
    }
    throw MtagError(
      .inputMissing, "no run folder or model file '\(name)'; \(suggestion(for: name, among: runs()))")
  }

  private func checkpoint(in folder: String) throws -> String {
    let run = RunFolder(folder)
    for file in [run.best, run.last] where FileManager.default.fileExists(atPath: file) { return file }
    throw MtagError(
      .inputMissing, "\(folder) holds no best.safetensors or last.safetensors; is it a run folder?")
  }

  /// Names of the runs that hold a checkpoint, in natural order.
  public func runs() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: runsFolder)) ?? []
    return names.filter { checkpointDate("\(runsFolder)/\($0)") != nil }.sorted(by: naturalOrder)
  }

  /// The run whose checkpoint was written last.
  public func newestRun() throws -> String {
    let dated = runs().compactMap { name in
      checkpointDate("\(runsFolder)/\(name)").map { (folder: "\(runsFolder)/\(name)", date: $0) }
    }
    guard let newest = dated.max(by: { $0.date < $1.date }) else {
      throw MtagError(
        .inputMissing,
        "no run in \(runsFolder)/ yet; make one with: mtag-zoo train --model cnn4 (or name a run folder or a "
          + ".safetensors file)")
    }
    return newest.folder
  }

  private func checkpointDate(_ folder: String) -> Date? {
    let run = RunFolder(folder)
    let dates = [run.best, run.last].compactMap {
      (try? FileManager.default.attributesOfItem(atPath: $0))?[.modificationDate] as? Date
    }
    return dates.max()
  }
}
