public import MtagCore

/// What is in a dataset, and what is wrong with it; it fixes nothing.
public struct DatasetReport: Sendable, Codable {
  /// How often something occurs.
  public struct Count: Sendable, Codable, Hashable {
    /// What occurs: a label, a part, a rate.
    public let name: String
    /// In how many clips.
    public let clips: Int
  }

  /// Clips whose files hold the same bytes.
  public struct Duplicates: Sendable, Codable, Hashable {
    /// The clips' ids.
    public let ids: [String]
    /// Whether they stand in different parts of the `split` column: what is learned by heart is then measured.
    public let crossesSplits: Bool
    /// Whether they have different labels.
    public let hasDifferentLabels: Bool
  }

  /// The dataset's name.
  public let name: String
  /// Whether clips may have several labels.
  public let isMultiLabel: Bool
  /// Clips in all, readable or not.
  public let clips: Int
  /// Clips of every label, in the order of the labels.
  public let labels: [Count]
  /// Clips without any label.
  public let unlabelled: Int
  /// Clips of every value of the `split` column; empty if there is none.
  public let splits: [Count]
  /// How many different groups there are; 0 without a group.
  public let groups: Int
  /// Groups that stand in more than one part of the `split` column.
  public let groupsCrossingSplits: [String]
  /// Seconds of all readable clips, of the shortest, the middle and the longest one; 0 if none can be read.
  public let totalSeconds: Double
  /// Seconds of the shortest clip.
  public let shortestSeconds: Double
  /// Seconds of the clip in the middle.
  public let medianSeconds: Double
  /// Seconds of the longest clip.
  public let longestSeconds: Double
  /// Clips of every sampling rate, `22050 Hz`.
  public let rates: [Count]
  /// Clips of every number of channels, `2 channels`.
  public let channels: [Count]
  /// Clips that cannot be read, and why.
  public let unreadable: [SkippedClip]
  /// Clips that decode only in part or are odd in another way, and how.
  public let odd: [SkippedClip]
  /// Ids of clips whose largest sample is under −80 dB of full scale.
  public let silent: [String]
  /// Ids of clips with more than one sample in a thousand in runs of three or more at full scale (0.999).
  public let clipped: [String]
  /// Ids of clips shorter than the least length asked for.
  public let tooShort: [String]
  /// Clips with the same bytes.
  public let duplicates: [Duplicates]
  /// What was odd about the manifest or the folder.
  public let warnings: [String]

  private static let silencePeak: Float = 1e-4
  private static let clippedShare = 1e-3

  /// Reads every clip on several threads and counts.
  ///
  /// - Parameters:
  ///   - groupColumn: the column that must not cross splits; nil is `group`.
  ///   - minimumSeconds: shorter clips are listed as too short.
  /// - Throws: `MtagError` (interrupted, or usage for an unknown column). Clips that cannot be read are part of the report.
  public static func make(
    _ dataset: Dataset, groupColumn: String? = nil, minimumSeconds: Double = 1, threads: Int,
    observer: Observer = .silent
  ) throws -> DatasetReport {
    let groupColumn = try groupColumn.map { try dataset.column(named: $0, text: "group:\($0)") }
    let results = try DatasetSurvey(threads: threads, observer: observer).clips(of: dataset)
    return DatasetReport(dataset, results: results, groupColumn: groupColumn, minimumSeconds: minimumSeconds)
  }

  private init(
    _ dataset: Dataset, results: [Result<ClipReport, MtagError>], groupColumn: String?, minimumSeconds: Double
  ) {
    let tracks = dataset.tracks
    let clips = zip(tracks, results).compactMap { track, result in
      (try? result.get()).map { (track: track, $0) }
    }
    let durations = clips.map(\.1.durationSeconds).sorted()
    name = dataset.name
    isMultiLabel = dataset.isMultiLabel
    self.clips = tracks.count
    labels = dataset.labels.enumerated().map { index, label in
      Count(name: label, clips: tracks.count { $0.labels.contains(index) })
    }
    unlabelled = tracks.count { $0.labels.isEmpty }
    splits = Self.counts(tracks.compactMap(\.split))
    let group = { (track: Track) in groupColumn.map { track.columns[$0] } ?? track.group }
    let members = Dictionary(grouping: tracks.filter { group($0) != nil }) { group($0) ?? "" }
    groups = members.count
    groupsCrossingSplits = members.filter { Set($0.value.compactMap(\.split)).count > 1 }.keys.sorted(
      by: naturalOrder)
    totalSeconds = durations.reduce(0, +)
    shortestSeconds = durations.first ?? 0
    medianSeconds = durations.isEmpty ? 0 : durations[durations.count / 2]
    longestSeconds = durations.last ?? 0
    rates = Self.counts(clips.map { "\($0.1.sampleRateHz) Hz" })
    channels = Self.counts(clips.map { $0.1.channels == 1 ? "1 channel" : "\($0.1.channels) channels" })
    unreadable = zip(tracks, results).compactMap { track, result in
      guard case .failure(let error) = result else { return nil }
      return SkippedClip(path: track.path, reason: error.message)
    }
    odd = clips.filter { !$0.1.warnings.isEmpty }.map {
      SkippedClip(path: $0.track.path, reason: $0.1.warnings.joined(separator: "; "))
    }
    silent = clips.filter { $0.1.peak < Self.silencePeak }.map(\.track.id)
    clipped = clips.filter { $0.1.clippedShare > Self.clippedShare }.map(\.track.id)
    tooShort = clips.filter { $0.1.durationSeconds < minimumSeconds }.map(\.track.id)
    duplicates = Dictionary(grouping: clips) { $0.1.contentHash }.values.filter { $0.count > 1 }
      .map { same in
        Duplicates(
          ids: same.map(\.track.id), crossesSplits: Set(same.map(\.track.split)).count > 1,
          hasDifferentLabels: Set(same.map(\.track.labels)).count > 1)
      }
      .sorted { naturalOrder($0.ids[0], $1.ids[0]) }
    warnings = dataset.warnings
  }

  private static func counts(_ names: [String]) -> [Count] {
    Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +).sorted { naturalOrder($0.key, $1.key) }
      .map { Count(name: $0.key, clips: $0.value) }
  }
}
