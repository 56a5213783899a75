import MtagZoo
import Testing

/// What a user would put into a file of `Models/`.
private struct Pebble: Architecture {
  var width = 4
  var head = Head()
  static let card = ArchitectureCard(name: "pebble", summary: "one convolution", source: "this test")

  struct Head: Codable, Sendable {
    var rate: Float = 0.1
    var features = 3
  }

  func build(_ graph: inout GraphBuilder, labels: Int) throws {
    var x = graph.convolution(graph.input, "conv", channels: width, kernel: 3, stride: 2)
    x = graph.globalAveragePool(x, "pool")
    x = graph.dropout(x, "dropout", rate: head.rate)
    x = graph.linear(x, "hidden", features: head.features)
    _ = graph.linear(x, "logits", features: labels)
  }
}

@Suite struct RegistryTests {
  @Test("a new architecture is one type and one line: it is listed, described and built like the others")
  func newArchitecture() throws {
    let zoo = try Zoo(extraArchitectures: [ArchitectureEntry(Pebble.self)])
    #expect(zoo.architectures.names.contains("pebble"))
    let rows = try #require(try zoo.listing([.models], patterns: ["peb*"]).models)
    #expect(rows.count == 1 && rows[0].name == "pebble" && rows[0].summary == "one convolution")
    // 3×3 weights and a bias for 4 channels; 4 → 3 and 3 → 10 with biases.
    #expect(rows[0].parameters == 4 * 9 + 4 + 4 * 3 + 3 + 3 * 10 + 10)
    #expect(rows[0].receptiveFieldFrames == 3)
    guard case .architecture(let info) = try zoo.info("pebble") else {
      Issue.record("pebble is no architecture")
      return
    }
    #expect(
      info.card.source == "this test" && info.settings["width"] == .integer(4) && info.layers.count == 5)
  }

  @Test("two architectures of one name are refused, naming where both come from")
  func duplicates() throws {
    let error = try #require(throws: MtagError.self) {
      try Zoo(extraArchitectures: [ArchitectureEntry(Pebble.self), ArchitectureEntry(Pebble.self)])
    }
    #expect(error.message.contains("pebble") && error.message.contains("added by the program"))
  }

  @Test("a setting changes only what it names, inside objects too")
  func overrides() throws {
    let entry = ArchitectureEntry(Pebble.self)
    let settings = try Override.parse(["width=7", "head.rate=0.5"])
    let pebble = try #require(try entry.architecture(overrides: settings) as? Pebble)
    #expect(pebble.width == 7 && pebble.head.rate == 0.5 && pebble.head.features == 3)
    let cnn4 = try #require(try Zoo().architectures.item(named: "cnn4").entry.defaults()["widths"])
    #expect(cnn4 == .array([.integer(32), .integer(64), .integer(128), .integer(256)]))
  }

  @Test(
    "a wrong setting is named, with near names",
    arguments: [
      ("widht=7", "'width'"), ("head.rat=1", "'rate'"), ("width=wide", "width"), ("width", "name=value"),
      ("=7", "name=value"), ("width=[1,2]", "width"),
    ])
  func wrongOverrides(_ text: String, _ expected: String) throws {
    let error = try #require(throws: MtagError.self) {
      try ArchitectureEntry(Pebble.self).architecture(overrides: try Override.parse([text]))
    }
    #expect(error.kind == .usage && error.message.contains(expected), "\(error.message)")
  }

  @Test("unknown names are refused with near ones")
  func unknownNames() throws {
    let zoo = try Zoo()
    #expect(throws: MtagError(.usage, "model 'cnn5' not found; did you mean 'cnn4' or 'cnnsa' or 'crnn'?")) {
      try zoo.architectures.item(named: "cnn5")
    }
    let error = #expect(throws: MtagError.self) { try zoo.featureSpec(named: "melspek") }
    #expect(error?.message.contains("melspec") == true)
    #expect(throws: MtagError.self) { try zoo.info("nothing-like-it") }
  }

  @Test("librosa is another name of the melspec preset")
  func alias() throws {
    let zoo = try Zoo()
    #expect(try zoo.featureSpec(named: "librosa") == zoo.featureSpec(named: "melspec"))
    #expect(try zoo.listing([.features]).features?.first { $0.name == "melspec" }?.aliases == ["librosa"])
  }

  @Test("every architecture of the zoo has an honest row: what it costs, what it needs, what it sees")
  func honestRows() throws {
    let zoo = try Zoo()
    let rows = try #require(try zoo.listing([.models]).models)
    #expect(rows.map(\.name) == zoo.architectures.names)
    for row in rows {
      #expect(
        row.parameters > 0 && row.macs > 0 && row.minimumSeconds > 0
          && (row.frontEndMACs > 0 || row.features.hasPrefix("waveform")), "\(row.name)")
      #expect(row.receptiveFieldFrames.map { $0 > 1 } ?? true, "\(row.name)")
      #expect(!row.summary.isEmpty && row.inputFrames >= row.minimumFrames, "\(row.name)")
    }
    // Four blocks of conv 3 and pool 2: 1 + Σ (2 + 1) · 2ⁱ for i in 0 ... 3.
    #expect(rows.first { $0.name == "cnn4" }?.receptiveFieldFrames == 46)
  }

  @Test("wildcards choose, exclusions leave out, and a pattern that matches nothing says so")
  func patterns() throws {
    let zoo = try Zoo(extraArchitectures: [ArchitectureEntry(Pebble.self)])
    #expect(try zoo.listing([.models], patterns: ["p?bble"]).models?.map(\.name) == ["pebble"])
    #expect(try zoo.listing([.models], excluding: ["peb*"]).models?.contains { $0.name == "pebble" } == false)
    let error = #expect(throws: MtagError.self) { try zoo.listing([.models], patterns: ["peble"]) }
    #expect(error?.message.contains("'pebble'") == true)
  }
}
