/// An immutable collection of named entries: the extractors, architectures or data sets that a program offers.
///
/// Built once, in `MtagZoo`, and passed down; there is no global registry. Names are unique.
public struct Registry<Entry: Sendable>: Sendable {
  /// One registered entry and where it comes from.
  public struct Item: Sendable {
    /// The name a user types.
    public let name: String
    /// Where it was defined, for messages: `built in`, or a plugin's path.
    public let origin: String
    /// The entry itself.
    public let entry: Entry

    /// Makes an item.
    public init(name: String, origin: String = "built in", entry: Entry) {
      self.name = name
      self.origin = origin
      self.entry = entry
    }
  }

  /// What the entries are, for messages: `model`, `feature`.
  public let kind: String
  /// The items in natural order of their names (`cnn2` before `cnn10`).
  public let items: [Item]
  private let indexByName: [String: Int]

  /// Builds a registry.
  /// - Throws: `MtagError` (usage) naming both origins if a name occurs twice.
  public init(kind: String, _ items: [Item]) throws {
    let sorted = items.sorted { naturalOrder($0.name, $1.name) }
    var indexByName: [String: Int] = [:]
    for (index, item) in sorted.enumerated() {
      if let earlier = indexByName[item.name] {
        throw MtagError(
          .usage,
          "\(kind) '\(item.name)' is defined twice: \(sorted[earlier].origin) and \(item.origin); rename one")
      }
      indexByName[item.name] = index
    }
    self.kind = kind
    self.items = sorted
    self.indexByName = indexByName
  }

  /// The names, in natural order.
  public var names: [String] { items.map(\.name) }

  /// The item of a name.
  /// - Throws: `MtagError` (usage) with near names if there is none.
  public func item(named name: String) throws -> Item {
    if let index = indexByName[name] { return items[index] }
    throw MtagError(.usage, "\(kind) '\(name)' not found; \(suggestion(for: name, among: names))")
  }
}
