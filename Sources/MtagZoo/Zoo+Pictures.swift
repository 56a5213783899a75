import Foundation
public import MtagCore
import MtagFeatures
import MtagRender
import MtagTraining

extension Zoo {
  /// Draws spectrograms: one clip into a file, or a folder of clips into a folder of files.
  /// - Parameters:
  ///   - isGray16: 16-bit grey, from which the values can be decoded again, instead of colour.
  ///   - range: the values of the first and the last colour; nil lets each map decide.
  ///   - figure: axes, colour bar and title around the spectrogram; nil for one pixel per frame and band, as PNG.
  ///   - written: gets every path that was written, in the order of the clips.
  /// - Throws: `MtagError` (usage) before anything is read for a waveform without a figure, and at the end if clips failed.
  public func render(
    _ input: String, to output: String, features: String, isGray16: Bool,
    range: (low: Float, high: Float)? = nil, figure: FigureRequest? = nil, threads: Int,
    observer: Observer = .silent, written: (String) throws -> Void = { _ in }
  ) throws {
    let options = RenderOptions(
      depth: isGray16 ? .gray16 : .color8, range: range.map { (lowDB: $0.low, highDB: $0.high) })
    let extractor = try extractor(named: features)
    if figure == nil, case .amplitude = extractor.axes.bands {
      throw MtagError(
        .usage,
        "\(features): a waveform has no pixels to show; add --figure to draw it, or write its samples with extract"
      )
    }
    let metadata = [
      ("feature_spec", try extractor.spec.canonicalText()),
      ("feature_spec_sha256", try extractor.spec.sha256()),
    ].map { (key: $0.0, value: $0.1) }
    let isFolder = ClipFinder.isFolder(input)
    let format = try figure.map { try $0.format ?? (isFolder ? .png : FigureFormat(path: output)) }
    if figure == nil, !isFolder {
      try OutputFile.require(output, endsIn: "png", what: "a picture (with --figure: .png, .svg or .pdf)")
    }
    let clips = try ClipFinder.clips([input], observer: observer)
    let outputs =
      isFolder
      ? try ClipFinder.outputs(clips, folder: output, fileExtension: format?.rawValue ?? "png") : [output]
    try convert(clips, outputs, features: features, threads: threads, task: "render", observer, written) {
      map, clip, path in
      guard let figure else {
        try SpectrogramImage.write(map, to: path, options: options, metadata: metadata)
        return
      }
      let options = try figure.options(clip: clip, extractor: extractor, range: range)
      try Figure.write(
        map, axes: extractor.axes, to: path, options: options, format: format, metadata: metadata)
    }
  }

  /// Writes features as `.npy` files, float32 `[bands, frames]`, or `[bands, frames, channels]` where maps have several
  /// channels: `FOLDER/<stem>.npy` for each clip, folders keep their structure.
  /// - Parameter written: gets every path that was written, in the order of the clips.
  /// - Throws: `MtagError` at the end if clips failed.
  public func extract(
    _ arguments: [String], to folder: String, features: String, threads: Int, observer: Observer = .silent,
    written: (String) throws -> Void = { _ in }
  ) throws {
    let clips = try ClipFinder.clips(arguments, observer: observer)
    let outputs = try ClipFinder.outputs(clips, folder: folder, fileExtension: "npy")
    try AtomicFile.makeFolder(folder)
    try convert(clips, outputs, features: features, threads: threads, task: "extract", observer, written) {
      map, _, path in
      try NPYFile.write(map, to: path)
    }
  }

  private func convert(
    _ clips: [ClipFinder.Clip], _ outputs: [String], features: String, threads: Int, task: String,
    _ observer: Observer, _ written: (String) throws -> Void,
    write: (_ map: FeatureMap, _ clip: String, _ output: String) throws -> Void
  ) throws {
    let extractor = try extractor(named: features)
    try OutputFile.require(outputs, differFrom: clips.map(\.path))
    let destination = Dictionary(zip(clips.map(\.path), outputs), uniquingKeysWith: { first, _ in first })
    for folder in Set(outputs.map { ($0 as NSString).deletingLastPathComponent }) where !folder.isEmpty {
      try AtomicFile.makeFolder(folder)
    }
    var errors: [MtagError] = []
    let times = WorkTimes()
    let clock = ContinuousClock()
    let start = clock.now
    let batch = ClipBatch(paths: clips.map(\.path), threads: threads, task: task, observer: observer)
    try batch.run { (outcome: ClipBatch.Outcome<[String]>) in
      for warning in outcome.value ?? [] { observer.note(warning) }
      if let error = outcome.error {
        // An output that cannot be made fails every clip alike: stop at once.
        if error.kind == .cannotCreate || error.kind == .inputOutput { throw error }
        errors.append(error)
        if clips.count > 1 { observer.problem("skipped: \(error.message)") }
      } else if let path = destination[outcome.path] {
        try written(path)
      }
    } _: { path, _ in
      let clip = try ClipFeatures.load(path, extractor: extractor)
      let writing = try clock.measure {
        if let output = destination[path] { try write(clip.map, path, output) }
      }
      times.add(clip.times, writing: writing)
      return clip.warnings
    }
    if let line = times.line(threads: min(threads, clips.count), elapsed: start.duration(to: clock.now)) {
      observer.detail(line)
    }
    if let error = BatchFailure.error(errors, of: clips.count) { throw error }
  }
}
