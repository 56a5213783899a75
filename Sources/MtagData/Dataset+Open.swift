import MtagCore

extension Dataset {
  /// Opens a dataset: a manifest (`.csv`, `.tsv`, `.jsonl`), a folder that holds `manifest.csv` or `manifest.jsonl`, or a
  /// folder per class.
  ///
  /// - Parameters:
  ///   - path: the manifest or the folder.
  ///   - label: the label column, or several joined by commas (then clips have several labels). Left out: `label`,
  ///     else `genre`, else the only column that can be one.
  public static func open(_ path: String, label: String? = nil) throws -> Dataset {
    throw MtagError(.internalFault, "Dataset.open(\(path), \(label ?? "")) is not written yet")
  }
}
