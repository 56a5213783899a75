import MtagCore
import MtagGraph
import MtagPlugins
import Testing

/// What the format means.
@Suite struct DeclaredFormatTests {
  private static func graph(
    _ layers: String, bands: Int = 32, labels: Int = 3, settings: String = "{}",
    set: [String: DeclaredValue] = [:]
  ) throws -> Graph {
    let text =
      "name: a\nsettings: \(settings)\nlayers:\n\(layers)\n  - mean: both\n  - linear: $labels\n    name: logits\n"
    return try DeclaredArchitecture(text: text, file: "a.yaml")
      .graph(bands: bands, channels: 1, labels: labels, settings: set)
  }

  @Test("a file with every layer makes a graph, and says the same each time")
  func everything() throws {
    let declared = try DeclaredArchitecture(text: DeclaredSamples.everything, file: "a.yaml")
    #expect(declared.card.chunkFrames == 200 && declared.settingNames == ["width", "rates", "gated"])
    let graph = try declared.graph(bands: 64, channels: 1, labels: 5)
    #expect(try graph == declared.graph(bands: 64, channels: 1, labels: 5) && graph.labelCount() == 5)
    let names = Set(try graph.parameters().map(\.name))
    #expect(
      names.isSuperset(of: [
        "norm.weight", "stem.weight", "block1.unit.conv.weight", "block2.unit.se.fc2.bias",
        "branches.1.depthwise.weight",
        "group.linear.weight", "tokens.weight", "positions.weight", "encoder.attention.in_proj.weight",
        "encoder.attention.out_proj.bias", "forward.weight_ih_l1_reverse", "other.weight_hh_l0",
        "pool4.score.weight",
        "logits.bias",
      ]), "\(names.sorted())")
    let plain = try declared.graph(bands: 64, channels: 1, labels: 5, settings: ["gated": .bool(false)])
    #expect(plain.nodes.count == graph.nodes.count - 12)
  }

  @Test("padding keeps the size at stride 1, for even kernels too; none and numbers are taken as they are")
  func padding() throws {
    let kernels: [(String, Int)] = [
      ("kernel: 3", 32), ("kernel: 4", 32), ("kernel: 3, dilation: 3", 32), ("kernel: 3, stride: 2", 16),
      ("kernel: 3, padding: none", 30), ("kernel: 3, padding: 2", 34), ("kernel: 3, padding: [0, 1]", 30),
      ("kernel: [all, 3], padding: [0, 1]", 1), ("kernel: 2, stride: 2", 16),
    ]
    for (attributes, bands) in kernels {
      let layers = try Self.graph("  - conv: {channels: 4, \(attributes)}").layers(frames: 40)
      #expect(layers[0].output.bands == bands, "\(attributes)")
    }
  }

  @Test("layers of one kind are numbered, those with names keep them, repetitions count on")
  func names() throws {
    let graph = try Self.graph(
      """
        - conv: {channels: 2, kernel: 3}
        - relu
        - conv: {channels: 2, kernel: 3}
          name: second
        - repeat: 2
          layers: [relu, relu]
        - repeat: 1
          layers: [relu]
        - repeat: 2
          name: tail
          layers: [tanh]
      """)
    #expect(
      graph.nodes.map(\.name) == [
        "conv", "relu", "second", "block1.relu1", "block1.relu2", "block2.relu1", "block2.relu2",
        "block3.relu", "tail1.tanh",
        "tail2.tanh", "mean", "logits",
      ])
  }

  @Test("from: looks among the layers here, then further out, and by whole names")
  func references() throws {
    let graph = try Self.graph(
      """
        - conv: {channels: 2, kernel: 3}
          name: stem
        - group:
            - relu:
              name: stem
            - tanh:
              from: stem
            - add: [stem, previous, input]
          name: inner
        - add: [inner, inner.tanh]
          name: sum
        - sigmoid:
          from: stem
        - multiply: [previous, sum]
      """)
    let inputs = Dictionary(uniqueKeysWithValues: graph.nodes.map { ($0.name, $0.inputs) })
    #expect(
      inputs["inner.tanh"] == ["inner.stem"] && inputs["inner.add"] == ["inner.stem", "inner.tanh", "input"])
    #expect(inputs["sum"] == ["inner.add", "inner.tanh"] && inputs["sigmoid"] == ["stem"])
  }

  @Test("settings change sizes and depth; numbers can be computed with")
  func settings() throws {
    let layers = """
        - repeat: {width: $widths}
          layers:
            - conv: {channels: $width * ($factor + 1) / 2, kernel: 3}
              if: $index - 1
      """
    let settings = "{widths: [2, 4], factor: 3}"
    #expect(try Self.graph(layers, settings: settings).layers(frames: 9)[0].output.channels == 8)
    let deeper = try Self.graph(
      layers, settings: settings,
      set: ["widths": .list([.integer(1), .integer(2), .integer(5)]), "factor": .integer(1)])
    #expect(try deeper.layers(frames: 9).map(\.output.channels) == [2, 5, 5, 3])
  }

  @Test(
    "a setting keeps the kind that it has in the file",
    arguments: [
      ("factor", DeclaredValue.number(1.5), "must be a whole number as 3 is"),
      ("widths", .integer(3), "must be a list as [2, 4] is"),
      ("widths", .list([.text("x")]), "must be a list"),
      ("factr", .integer(1), "did you mean 'factor'?"),
    ])
  func wrongSettings(_ name: String, _ value: DeclaredValue, _ expected: String) throws {
    let error = try #require(throws: MtagError.self) {
      try Self.graph("  - relu", settings: "{widths: [2, 4], factor: 3}", set: [name: value])
    }
    #expect(error.kind == .usage && error.message.contains(expected), "\(error.message)")
  }
}
