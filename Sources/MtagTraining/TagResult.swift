/// The tags of one clip, best first.
public struct TagResult: Codable, Hashable, Sendable {
  /// A label with its score.
  public struct Tag: Codable, Hashable, Sendable {
    /// The label's name.
    public var label: String
    /// Softmax or sigmoid score, in 0 ... 1.
    public var score: Float
  }

  /// The tags of one chunk.
  public struct Section: Codable, Hashable, Sendable {
    /// Where the chunk starts, in seconds.
    public var start: Double
    /// Where it ends, in seconds.
    public var end: Double
    /// Its tags, best first.
    public var tags: [Tag]
  }

  /// The clip's path as given.
  public var path: String
  /// Its tags: scores averaged over all chunks.
  public var tags: [Tag]
  /// Length of the clip, in seconds.
  public var seconds: Double
  /// Tags of each chunk, if asked for.
  public var timeline: [Section]?
  /// What was odd about the file but not fatal.
  public var warnings: [String]

  enum CodingKeys: String, CodingKey { case path, tags, seconds, timeline }

  /// Makes a result.
  public init(path: String, tags: [Tag], seconds: Double, timeline: [Section]?, warnings: [String]) {
    self.path = path
    self.tags = tags
    self.seconds = seconds
    self.timeline = timeline
    self.warnings = warnings
  }

  /// Reads the JSON of one line; warnings are not part of it.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    path = try values.decode(String.self, forKey: .path)
    tags = try values.decode([Tag].self, forKey: .tags)
    seconds = try values.decode(Double.self, forKey: .seconds)
    timeline = try values.decodeIfPresent([Section].self, forKey: .timeline)
    warnings = []
  }

  /// The `count` best labels for scores in label order; equal scores keep that order.
  static func best(_ scores: [Float], labels: [String], count: Int) -> [Tag] {
    let order = scores.indices.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
    return order.prefix(count).map { Tag(label: labels[$0], score: scores[$0]) }
  }
}
