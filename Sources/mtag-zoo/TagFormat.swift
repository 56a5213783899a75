import Foundation
import MtagZoo

/// How `tag` prints what it found.
enum TagFormat {
  case text, json, csv

  /// The lines for one clip; a clip that failed has one in JSON alone.
  func lines(_ outcome: TagOutcome) throws -> [String] {
    switch (self, outcome) {
    case (.json, .tagged(let result)): return [try Self.json(result)]
    case (.json, .failed(let path, let error)):
      return [try Self.json(["path": path, "error": error.message])]
    case (_, .failed): return []
    case (.csv, .tagged(let result)): return Self.csv(result)
    case (.text, .tagged(let result)): return Self.text(result)
    }
  }

  static func csvHead(timeline: Bool) -> String {
    timeline ? "path,start,end,label,score" : "path,label,score"
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private static func csv(_ result: TagResult) -> [String] {
    let path = quoted(result.path)
    guard let timeline = result.timeline else {
      return result.tags.map { "\(path),\(quoted($0.label)),\($0.score)" }
    }
    return timeline.flatMap { section in
      let span = "\(String(rounding: section.start, digits: 3)),\(String(rounding: section.end, digits: 3))"
      return section.tags.map { "\(path),\(span),\(quoted($0.label)),\($0.score)" }
    }
  }

  /// RFC 4180: a field with a comma, a quote or a line break is quoted, quotes inside doubled.
  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\n\r".contains($0) }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }

  private static func text(_ result: TagResult) -> [String] {
    let sections = (result.timeline ?? []).map { section in
      let span = "\(String(rounding: section.start, digits: 1))–\(String(rounding: section.end, digits: 1)) s"
      return "  \(span): \(tags(section.tags))"
    }
    return ["\(result.path): \(tags(result.tags))"] + sections
  }

  private static func tags(_ tags: [TagResult.Tag]) -> String {
    tags.map { "\($0.label) \(String(rounding: Double($0.score), digits: 3))" }.joined(separator: ", ")
  }
}
