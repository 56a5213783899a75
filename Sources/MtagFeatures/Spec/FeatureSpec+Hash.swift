import MtagCore

extension FeatureSpec {
  /// The spec as text: one `field=value` line per field that its extractor reads, but the name, sorted by field. Two specs
  /// give the same text if and only if every value that they stand for is the same: floats are written with the fewest
  /// digits that read back to the same bits. Fields that came after the first release are left out at their neutral value,
  /// so that the hashes of specs from before stay as they were.
  /// - Throws: `MtagError` (usage) if a number is NaN or infinite, which no spec can mean.
  public func canonicalText() throws -> String {
    let fields = fields
    if let field = fields.first(where: { !$0.value.isFinite }) {
      throw MtagError(.usage, "feature spec '\(name)': \(field.name) \(field.value.text) is no finite number")
    }
    return fields.filter { $0.value != $0.neutral }.map { "\($0.name)=\($0.value.text)\n" }.sorted().joined()
  }

  /// SHA-256 of the canonical text, as 64 hexadecimal digits. The name is not part of it.
  /// - Throws: `MtagError` (usage) as `canonicalText()`.
  public func sha256() throws -> String { try SHA256Digest.hex(of: canonicalText()) }

  /// What differs from another spec, one entry per field: `hopLength: 512, not 256` (mine first). Names are not compared; a
  /// field that one of the two does not read is `unused` there.
  public func differences(from other: FeatureSpec) -> [String] {
    let (mine, theirs) = (fields, other.fields)
    let myValues = Dictionary(uniqueKeysWithValues: mine.map { ($0.name, $0.value) })
    let theirValues = Dictionary(uniqueKeysWithValues: theirs.map { ($0.name, $0.value) })
    let names = mine.map(\.name) + theirs.map(\.name).filter { myValues[$0] == nil }
    return names.compactMap { name in
      let (one, two) = (myValues[name], theirValues[name])
      return one == two ? nil : "\(name): \(one?.text ?? "unused"), not \(two?.text ?? "unused")"
    }
  }
}
