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

  /// Reads every clip of a data set and reports what is in it and what is wrong with it.
  /// - Parameters:
  ///   - groupColumn: the column that must not cross splits; nil is `group`.
  ///   - minimumSeconds: shorter clips are listed as too short.
  public func checkDataset(
    _ name: String, label: String?, groupColumn: String? = nil, minimumSeconds: Double = 1, threads: Int,
    observer: Observer = .silent
  ) throws -> DatasetReport {
    try DatasetReport.make(
      try dataset(name, label: label, observer: observer), groupColumn: groupColumn,
      minimumSeconds: minimumSeconds,
      threads: threads, observer: observer)
  }
}
