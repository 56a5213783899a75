import MtagZoo
import Testing

@Suite struct ArchitectureSettingTests {
  /// Values that no setting was made for.
  private static let oddNumbers: [JSONValue] = [
    .integer(0), .integer(-1), .integer(3), .integer(65_537), .integer(.max), .integer(.min), .number(0.37),
    .number(1e300),
  ]

  @Test(
    "a setting of any value makes a graph or is refused in one line that names the model",
    arguments: ArchitectureTests.names)
  func anyValue(_ name: String) throws {
    let zoo = try Zoo()
    let entry = try zoo.architectures.item(named: name).entry
    let bands = try FeatureExtractors.shape(of: zoo.featureSpec(named: entry.card.features)).bands
    for (field, standard) in try entry.defaults() {
      for value in Self.oddNumbers + Self.odd(standard) {
        do {
          _ = try entry.architecture(overrides: [field: value]).graph(bands: bands, channels: 1, labels: 2)
        } catch let error as MtagError {
          // A declared network names the line of its file that the value does not fit.
          let isLine = entry.declaredText != nil && error.kind == .badData
          #expect(error.kind == .usage || isLine, "\(field)=\(value): \(error)")
          #expect(!error.message.contains("\n"))
        }
      }
    }
  }

  /// Lists that are empty, shorter, or hold odd numbers.
  private static func odd(_ standard: JSONValue) -> [JSONValue] {
    guard case .array(let values) = standard, let first = values.first else { return [.array([])] }
    if case .array(let row) = first {
      return [.array([]), .array([.array([])]), .array([first])]
        + oddNumbers.map { .array([.array(Array(repeating: $0, count: row.count))]) }
        + [.array(values.map { _ in .array(Array(repeating: .integer(.max), count: row.count)) })]
    }
    return [.array([]), .array([first])]
      + oddNumbers.map { odd in .array(values.map { _ in odd }) }
  }

  @Test("a variant has its base's settings, and its own values of them")
  func variants() throws {
    let zoo = try Zoo()
    let musicnn = try zoo.architectures.item(named: "musicnn").entry.defaults()
    let big = try zoo.architectures.item(named: "musicnn-big").entry.defaults()
    let port = try zoo.architectures.item(named: "musicnn-port").entry.defaults()
    #expect(musicnn.keys == big.keys)
    #expect(big["midWidth"] == .integer(512) && big["hidden"] == .integer(500))
    #expect(port["order"] == .string("port") && musicnn["order"] == .string("original"))
    let order = try zoo.architectures.item(named: "musicnn").entry.architecture(overrides: [
      "order": .string("port")
    ])
    let ours = try order.graph(bands: 96, channels: 1, labels: 5)
    let theirs = try zoo.architectures.item(named: "musicnn-port").entry.architecture()
      .graph(bands: 96, channels: 1, labels: 5)
    #expect(ours.nodes == theirs.nodes && ours.name == "musicnn" && theirs.name == "musicnn-port")
  }

  @Test("the features of a network that adds up power are not standardised, those of others are")
  func power() throws {
    let zoo = try Zoo()
    for (name, readsPower) in [("harmonic-cnn", true), ("samplecnn", false), ("short-chunk", false)] {
      let entry = try zoo.architectures.item(named: name).entry
      let bands = try FeatureExtractors.shape(of: zoo.featureSpec(named: entry.card.features)).bands
      #expect(try entry.architecture().graph(bands: bands, channels: 1, labels: 2).readsPower == readsPower)
    }
  }
}
