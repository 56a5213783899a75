import Foundation
import MtagCore

extension Dataset {
  /// Opens a dataset: a manifest, a folder that holds one (`manifest.csv` or `manifest.jsonl`), or a folder per class.
  ///
  /// **Manifest**: a table with a header (`.csv`, `.tsv`; comma, semicolon or tab) or an object a line (`.jsonl`). It
  /// has a `path` column, label columns and any others; `group` and `split` are known by name. Paths are relative to the
  /// manifest; absolute paths and paths that leave its folder are taken as they are. `|` stands between the labels of a
  /// clip, and makes clips have several labels, as does an empty value or naming several columns.
  ///
  /// **Folder per class**, GTZAN's layout: `genres/blues/blues.00000.wav`; the folder above works too. A class may have
  /// folders of its own, artists or albums: the first below the class is the track's group. Folders named `train`,
  /// `valid` and `test` may stand above the classes; they become the `split` column. Hidden files are ignored.
  ///
  /// Files are not opened here: a missing one is a skipped clip when features are computed.
  ///
  /// - Parameters:
  ///   - path: the manifest or the folder.
  ///   - label: the label column, or several joined by commas: their labels are put together, and clips then have
  ///     several labels. Left out: `label`, else `genre`, else the only column that can be one.
  /// - Throws: `MtagError` naming the file, the line and the remedy.
  public static func open(_ path: String, label: String? = nil) throws -> Dataset {
    switch FileKind.of(path) {
    case .missing:
      throw MtagError(.inputMissing, "dataset \(path) is not there; check the path")
    case .file:
      return try ManifestAdapter.open(path, name: path.lastPathComponent.stem, label: label)
    case .folder:
      for manifest in ["manifest.csv", "manifest.jsonl"].map({ path.appendingPathComponent($0) })
      where FileKind.of(manifest) == .file {
        return try ManifestAdapter.open(manifest, name: path.lastPathComponent, label: label)
      }
      return try FolderAdapter.open(path, label: label)
    case .other:
      throw MtagError(.badData, "dataset \(path) is neither a folder nor a regular file")
    }
  }
}
