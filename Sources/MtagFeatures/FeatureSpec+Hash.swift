import MtagCore

extension FeatureSpec {
  /// The spec as text: one `field=value` line per field but the name, sorted by field. Two specs give the same text if and
  /// only if every value that they stand for is the same: floats are written with the fewest digits that read back to the
  /// same bits.
  /// - Throws: `MtagError` (usage) if a number is NaN or infinite, which no spec can mean.
  public func canonicalText() throws -> String {
    if let field = fields.first(where: { $0.value.isFinite == false }) {
      throw MtagError(.usage, "feature spec '\(name)': \(field.name) \(field.value.text) is no finite number")
    }
    return fields.map { "\($0.name)=\($0.value.text)\n" }.sorted().joined()
  }

  /// SHA-256 of the canonical text, as 64 hexadecimal digits. The name is not part of it.
  /// - Throws: `MtagError` (usage) as `canonicalText()`.
  public func sha256() throws -> String { try SHA256Digest.hex(of: canonicalText()) }

  /// What differs from another spec, one entry per field: `hopLength: 512, not 256` (mine first). Names are not compared.
  public func differences(from other: FeatureSpec) -> [String] {
    zip(fields, other.fields).compactMap { mine, theirs in
      mine.value == theirs.value ? nil : "\(mine.name): \(mine.value.text), not \(theirs.value.text)"
    }
  }

  /// Every field that changes a value, in the order of the declaration.
  package var fields: [(name: String, value: FieldValue)] {
    [
      ("extractor", .text(extractor)),
      ("sampleRateHz", .integer(sampleRateHz)),
      ("monoRule", .text(monoRule.rawValue)),
      ("resampler", .text(resampler.rawValue)),
      ("waveformNormalization", .text(waveformNormalization.rawValue)),
      ("windowLength", .integer(windowLength)),
      ("fftSize", .integer(fftSize)),
      ("hopLength", .integer(hopLength)),
      ("window", .text(window.rawValue)),
      ("isCentered", .text(isCentered ? "true" : "false")),
      ("padding", .text(padding.rawValue)),
      ("magnitudeExponent", .number(magnitudeExponent)),
      ("bands", .integer(bands)),
      ("melScale", .text(melScale.rawValue)),
      ("melNorm", .text(melNorm.rawValue)),
      ("triangleDomain", .text(triangleDomain.rawValue)),
      ("minimumHz", .number(minimumHz)),
      ("maximumHz", .number(maximumHz)),
      ("level.reference", .text(level.reference.rawValue)),
      ("level.minimumValue", .number(level.minimumValue)),
      ("level.floorDB", level.floorDB.map { .number($0) } ?? .text("none")),
    ]
  }

  /// One field's value, comparable and printable.
  package enum FieldValue: Hashable {
    case text(String)
    case integer(Int)
    case number(Float)

    /// The value as the canonical text has it. Swift's `description` of a float is the shortest that reads back to it;
    /// adding zero turns -0 into 0. A line break in a text would forge another field.
    package var text: String {
      switch self {
      case .text(let text): text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
      case .integer(let integer): String(integer)
      case .number(let number): String(describing: number + 0)
      }
    }

    var isFinite: Bool {
      if case .number(let number) = self { number.isFinite } else { true }
    }
  }
}
