import MtagGraph
import MtagZoo
import Testing

/// What one value sees of the clip before frames are pooled, in networks that branch too.
@Suite struct ReceptiveFieldTests {
  /// The field that `list` gives for a network; nil for everything.
  private static func field(_ layers: String, features: String = "melspec") throws -> (
    frames: Int?, seconds: Double?
  ) {
    let text =
      "name: probe\nfeatures: \(features)\nlayers:\n\(layers)\n  - mean: both\n  - linear: $labels\n    name: logits\n"
    let zoo = try Zoo(extraArchitectures: [
      ArchitectureEntry(try DeclaredArchitecture(text: text, file: "probe.yaml"))
    ])
    let row = try #require(try zoo.listing([.models], patterns: ["probe"]).models?.first)
    return (row.receptiveFieldFrames, row.receptiveFieldSeconds)
  }

  @Test(
    "windows, strides and dilation in a row",
    arguments: [
      ("  - conv: {channels: 2, kernel: 3}", 3), ("  - conv: {channels: 2, kernel: [3, 7]}", 7),
      ("  - conv: {channels: 2, kernel: 3, dilation: 4}", 9),
      ("  - max_pool: 2\n  - conv: {channels: 2, kernel: 3}", 6),
      ("  - conv: {channels: 2, kernel: 3, stride: 2}\n  - conv: {channels: 2, kernel: 3}", 7),
      ("  - conv: {channels: 2, kernel: 1, stride: 4}\n  - conv: {channels: 2, kernel: 2}", 5),
      ("  - relu\n  - batch_norm\n  - linear: 4", 1),
    ])
  func chains(_ layers: String, _ frames: Int) throws {
    #expect(try Self.field(layers).frames == frames)
  }

  @Test("a sum or concatenation sees what any of its parts sees, each to its own side")
  func branches() throws {
    let three = "{conv: {channels: 2, kernel: 3}}"
    let nine = "{conv: {channels: 2, kernel: [1, 9]}}"
    #expect(try Self.field("  - branches: [[\(three)], [\(nine)], []]\n  - relu").frames == 9)
    #expect(
      try Self.field(
        "  - branches: [[\(three)], [\(nine)]]\n    join: add\n  - conv: {channels: 1, kernel: 3}"
      ).frames == 11)
    // Four frames back, and four ahead: nine in all.
    let sides = """
        - branches:
            - [{conv: {channels: 2, kernel: [1, 5], padding: [0, 4]}}, {conv: {channels: 2, kernel: [1, 5], padding: none}}]
            - [{conv: {channels: 2, kernel: [1, 5], padding: none}}, {conv: {channels: 2, kernel: [1, 5], padding: [0, 4]}}]
          join: add
      """
    #expect(try Self.field(sides).frames == 9)
    #expect(
      try Self.field(
        "  - residual:\n      - {conv: {channels: 2, kernel: 3, stride: 2}}\n    shortcut:\n      - {conv: {channels: 2, kernel: 1, stride: 2}}\n  - max_pool: 2"
      ).frames == 5)
  }

  @Test(
    "what looks along the whole clip sees all",
    arguments: [
      "  - mean: bands\n  - gru: 4", "  - mean: bands\n  - attention: 1",
      "  - conv: {channels: 4, kernel: 3}\n  - squeeze_excite",
      "  - softmax: frames", "  - flatten: frames\n  - conv: {channels: 4, kernel: 3}",
    ])
  func all(_ layers: String) throws {
    let field = try Self.field(layers)
    #expect(field.frames == nil && field.seconds == nil)
  }

  @Test("pooling itself is not counted, however it weighs")
  func pooling() throws {
    #expect(
      try Self.field("  - conv: {channels: 4, kernel: 3}\n  - mean: bands\n  - attention_pool").frames == 3)
    #expect(
      try Self.field("  - conv: {channels: 4, kernel: 3}\n  - branches: [[{max: both}], [{mean: both}]]")
        .frames == 3)
    #expect(
      try Self.field(
        "  - conv: {channels: 4, kernel: 3}\n  - max: frames\n  - conv: {channels: 4, kernel: [5, 1]}"
      ).frames == 3)
  }

  @Test("seconds are those of the network's own features; frames of a waveform are samples")
  func seconds() throws {
    let panns = try Self.field("  - conv: {channels: 2, kernel: 5}", features: "panns")
    #expect(abs((panns.seconds ?? 0) - 5 * 320 / 32_000.0) < 1e-9)
  }
}
