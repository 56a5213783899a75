import Foundation
public import MtagCore
import MtagFeatures
import MtagRender
import MtagTraining

extension Zoo {
  /// Draws spectrograms: one clip into a PNG file, or a folder of clips into a folder of PNG files.
  /// - Parameter isGray16: 16-bit grey, from which the values can be decoded again, instead of colour.
  /// - Returns: the paths written, those that worked.
  /// - Throws: `MtagError` at the end if clips failed.
  @discardableResult
  public func render(
    _ input: String, to output: String, features: String, isGray16: Bool, threads: Int,
    observer: Observer = .silent
  ) throws -> [String] {
    let options = RenderOptions(depth: isGray16 ? .gray16 : .color8)
    let spec = try featureSpec(named: features)
    let metadata = [("feature_spec", try spec.canonicalText()), ("feature_spec_sha256", try spec.sha256())]
      .map { (key: $0.0, value: $0.1) }
    let clips = try ClipFinder.clips([input])
    let outputs =
      ClipFinder.isFolder(input)
      ? try ClipFinder.outputs(clips, folder: output, fileExtension: "png") : [output]
    return try convert(clips, outputs, features: features, threads: threads, task: "render", observer) {
      map, path in
      try SpectrogramImage.write(map, to: path, options: options, metadata: metadata)
    }
  }

  /// Writes features as `.npy` files, `[bands, frames]` float32: `FOLDER/<stem>.npy` for each clip, folders keep their
  /// structure.
  /// - Returns: the paths written, those that worked.
  /// - Throws: `MtagError` at the end if clips failed.
  @discardableResult
  public func extract(
    _ arguments: [String], to folder: String, features: String, threads: Int, observer: Observer = .silent
  ) throws -> [String] {
    let clips = try ClipFinder.clips(arguments)
    let outputs = try ClipFinder.outputs(clips, folder: folder, fileExtension: "npy")
    try AtomicFile.makeFolder(folder)
    return try convert(clips, outputs, features: features, threads: threads, task: "extract", observer) {
      map, path in
      try NPYFile.write(map, to: path)
    }
  }

  private func convert(
    _ clips: [ClipFinder.Clip], _ outputs: [String], features: String, threads: Int, task: String,
    _ observer: Observer, write: (FeatureMap, String) throws -> Void
  ) throws -> [String] {
    let extractor = try extractor(named: features)
    let destination = Dictionary(zip(clips.map(\.path), outputs), uniquingKeysWith: { first, _ in first })
    for folder in Set(outputs.map { ($0 as NSString).deletingLastPathComponent }) where !folder.isEmpty {
      try AtomicFile.makeFolder(folder)
    }
    var written: [String] = []
    var errors: [MtagError] = []
    let batch = ClipBatch(paths: clips.map(\.path), threads: threads, task: task, observer: observer)
    try batch.run { (outcome: ClipBatch.Outcome<[String]>) in
      for warning in outcome.value ?? [] { observer.note(warning) }
      if let error = outcome.error {
        // An output that cannot be made fails every clip alike: stop at once.
        if error.kind == .cannotCreate || error.kind == .inputOutput { throw error }
        errors.append(error)
        if clips.count > 1 { observer.note("skipped: \(error.message)") }
      } else if let path = destination[outcome.path] {
        written.append(path)
      }
    } _: { path, _ in
      let clip = try ClipFeatures.load(path, extractor: extractor)
      if let output = destination[path] { try write(clip.map, output) }
      return clip.warnings
    }
    if let error = BatchFailure.error(errors, of: clips.count) { throw error }
    return written
  }
}
