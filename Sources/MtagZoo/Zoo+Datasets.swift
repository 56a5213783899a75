import Foundation
public import MtagCore
public import MtagData

extension Zoo {
  /// The name of the embedded data set.
  public static let starterName = "starter"

  /// Opens a data set: `starter`, a folder per class, or a manifest.
  /// - Throws: `MtagError` (inputMissing) if there is none of that name.
  public func dataset(_ name: String, label: String?, observer: Observer) throws -> Dataset {
    if name == Self.starterName {
      return try StarterSet.dataset(cacheFolder: cacheFolder, label: label, observer: observer)
    }
    guard FileManager.default.fileExists(atPath: name) else {
      throw MtagError(
        .inputMissing,
        "data set '\(name)' not found; give a folder per class, a manifest .csv or .jsonl, or '\(Self.starterName)'"
      )
    }
    let dataset = try Dataset.open(name, label: label)
    for warning in dataset.warnings { observer.note(warning) }
    return dataset
  }

  /// A data set's name as a configuration keeps it: paths are absolute, so that a run resumes from any folder.
  static func absolute(_ name: String) -> String {
    name == starterName ? name : URL(fileURLWithPath: name).standardizedFileURL.path
  }

  /// Whether each clip can be decoded; one entry a clip that cannot.
  public func checkDataset(_ dataset: Dataset, threads: Int, observer: Observer) throws -> [SkippedClip] {
    let paths = dataset.tracks.map(\.path)
    let outcomes = try ClipBatch(paths: paths, threads: threads, task: "check", observer: observer).run {
      path, _ in
      try ClipBatch.decode(path)
    }
    return outcomes.compactMap { outcome in
      outcome.error.map { SkippedClip(path: outcome.path, reason: $0.message) }
    }
  }
}
