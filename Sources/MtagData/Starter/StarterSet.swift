import Foundation
public import MtagCore
import Synchronization

/// The embedded dataset: short clips that the program synthesises from a seed, so that training needs no file.
///
/// Ten made-up styles (label column `style`) differ in tempo, scale, rhythm and instruments, by chance and with overlap;
/// the instruments that sound are a second label column, `instruments`, with several labels a clip. A `split` column
/// gives 12 clips of every style to train, 4 to valid and 4 to test. It is there to try the program out: it is not music
/// of any genre, and an accuracy on it is no result.
public enum StarterSet {
  /// The seed of the set that is taken when no dataset is named.
  public static let defaultSeed: UInt64 = 1

  /// How much is synthesised; the public set has one size.
  package struct Size: Sendable {
    package var clipsPerStyle = 20
    package var durationSeconds = 6.0
    package var sampleRateHz = 22_050

    package init() {}

    /// Clips of every style that train; the rest goes half and half to valid and test.
    var trainPerStyle: Int { (clipsPerStyle * 3 + 4) / 5 }
    var validPerStyle: Int { (clipsPerStyle - trainPerStyle + 1) / 2 }
    var bytesPerClip: Int { WAVFile.headerBytes + 2 * Int(durationSeconds * Double(sampleRateHz)) }
  }

  /// Where the set is, in the cache folder.
  static let folderName = "starter"

  /// Raised whenever the same seed gives other bytes.
  private static let version = 1

  /// Opens the set, synthesising it into `cacheFolder/starter/` first if it is not there.
  ///
  /// The folder appears under its name only when it is complete, so several processes may ask at once.
  ///
  /// - Parameters:
  ///   - seed: equal seeds give the same bytes on every platform.
  ///   - label: `style` (one of ten a clip), `instruments` (several a clip), or both with a comma; nil is `style`.
  ///   - observer: told of every clip (unit `clip`).
  /// - Throws: `MtagError`: usage for an unknown label, cannotCreate or inputOutput if the cache cannot be written,
  ///   interrupted.
  public static func dataset(
    cacheFolder: String, seed: UInt64 = defaultSeed, label: String? = nil, observer: Observer = .silent
  ) throws -> Dataset {
    try dataset(cacheFolder: cacheFolder, seed: seed, label: label, size: Size(), observer: observer)
  }

  /// The same in another size, for tests.
  package static func dataset(
    cacheFolder: String, seed: UInt64, label: String?, size: Size, observer: Observer
  ) throws -> Dataset {
    let parent = cacheFolder.appendingPathComponent(folderName)
    let name =
      "v\(version)-seed\(seed)-\(StarterStyle.all.count)x\(size.clipsPerStyle)x\(size.durationSeconds)s"
    let folder = parent.appendingPathComponent(name)
    if !isComplete(folder, size: size) {
      try AtomicFile.makeFolder(parent)
      try synthesize(to: folder, parent: parent, seed: seed, size: size, observer: observer)
    }
    let opened = try Dataset.open(folder, label: label ?? "style")
    return Dataset(
      name: "starter", labels: opened.labels, labelColumns: opened.labelColumns,
      isMultiLabel: opened.isMultiLabel,
      tracks: opened.tracks, columns: opened.columns, warnings: opened.warnings)
  }

  /// Whether every file is there in its full length.
  private static func isComplete(_ folder: String, size: Size) -> Bool {
    guard FileKind.of(folder.appendingPathComponent("manifest.csv")) == .file else { return false }
    return clips(size: size).allSatisfy { clip in
      let attributes = try? FileManager.default.attributesOfItem(
        atPath: folder.appendingPathComponent(clip.file))
      return attributes?[.size] as? Int == size.bytesPerClip
    }
  }

  private static func clips(size: Size) -> [StarterClip] {
    StarterStyle.all.indices.flatMap { style in
      (0..<size.clipsPerStyle).map { StarterClip(style: style, number: $0, size: size) }
    }
  }

  /// Writes the set into a folder of its own name and then gives it the right one.
  private static func synthesize(
    to folder: String, parent: String, seed: UInt64, size: Size, observer: Observer
  ) throws {
    let temporary = parent.appendingPathComponent(".\(getpid()).\(UInt32.random(in: 0...UInt32.max)).part")
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    for style in StarterStyle.all { try AtomicFile.makeFolder(temporary.appendingPathComponent(style.name)) }
    let clips = clips(size: size)
    let done = Atomic<Int>(0)
    let rows = ParallelExecutor(threads: ProcessInfo.processInfo.activeProcessorCount).map(clips) { clip in
      Result {
        try observer.checkCancelled()
        let row = try clip.write(to: temporary, seed: seed, size: size)
        let count = done.wrappingAdd(1, ordering: .relaxed).newValue
        observer.progress(ProgressUpdate(task: "starter set", done: count, total: clips.count, unit: "clip"))
        return row
      }
    }
    let table = try rows.map { try $0.get() }
    try AtomicFile.write(readme(seed: seed, size: size), to: temporary.appendingPathComponent("README.txt"))
    try AtomicFile.write(
      "path,style,instruments,split\n" + table.joined(), to: temporary.appendingPathComponent("manifest.csv"))
    if rename(temporary, folder) == 0 || isComplete(folder, size: size) { return }
    // An incomplete folder stands there (someone deleted files of it): put it aside, the temporary's removal ends it.
    let damaged = temporary + ".damaged"
    defer { try? FileManager.default.removeItem(atPath: damaged) }
    guard rename(folder, damaged) == 0 || errno == ENOENT,
      rename(temporary, folder) == 0 || isComplete(folder, size: size)
    else {
      throw MtagError(
        .cannotCreate, "starter set \(folder) cannot be created: \(String(cString: strerror(errno)))")
    }
  }

  private static func readme(seed: UInt64, size: Size) -> String {
    """
    The starter set of mtag-zoo: \(StarterStyle.all.count * size.clipsPerStyle) clips that the program synthesised from \
    seed \(seed), for trying it out.

    It is not music of any genre, no recording, and no data set to compare anything on: what a network learns from it
    says nothing about music. "style" is one of ten made-up ways of throwing notes together; "instruments" are the
    synthetic voices that sound in a clip. Everything here is made anew when it is missing, so it may be deleted.
    \(Int(size.durationSeconds)) s a clip, \(size.sampleRateHz) Hz, mono, 16 bits. Public domain (CC0 1.0).

    """
  }
}

/// One clip of the set by its place in it.
private struct StarterClip: Sendable {
  let style: Int
  let number: Int
  let file: String
  let part: Split.Part

  init(style: Int, number: Int, size: StarterSet.Size) {
    self.style = style
    self.number = number
    let name = StarterStyle.all[style].name
    file = "\(name)/\(name).\(number / 10)\(number % 10).wav"
    let (train, valid) = (size.trainPerStyle, size.validPerStyle)
    part = number < train ? .train : number < train + valid ? .valid : .test
  }

  /// Synthesises and writes the clip; returns its line of the manifest.
  func write(to folder: String, seed: UInt64, size: StarterSet.Size) throws -> String {
    let generator = RandomGenerator(seed: seed, stream: UInt64(style) << 32 | UInt64(number + 1))
    var composer = StarterComposer(
      style: StarterStyle.all[style], durationSeconds: size.durationSeconds, generator: generator)
    let (samples, voices) = composer.clip(sampleRateHz: size.sampleRateHz)
    try AtomicFile.write(
      WAVFile.data(samples: samples, sampleRateHz: size.sampleRateHz), to: folder.appendingPathComponent(file)
    )
    let instruments = voices.map(\.rawValue).joined(separator: "|")
    return "\(file),\(StarterStyle.all[style].name),\(instruments),\(part.rawValue)\n"
  }
}
