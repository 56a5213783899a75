import MtagCore
import MtagGraph
import MtagModels
import Testing

@Suite struct CNN4GraphTests {
  let graph: Graph

  init() throws { graph = try CNN4().graph(bands: 128, labels: 10) }

  @Test("the layer table shows the shapes of a 30 s clip")
  func shapes() throws {
    let rows = try graph.layers(frames: 1292).map {
      "\($0.node.name) \($0.node.operation.label) \($0.output)"
    }
    #expect(rows.count == 21)
    #expect(
      rows.prefix(5) == [
        "block1.conv conv 3×3 128×1292×32", "block1.norm batch norm 128×1292×32",
        "block1.relu relu 128×1292×32",
        "block1.pool max pool 2×2 64×646×32", "block2.conv conv 3×3 64×646×64",
      ])
    #expect(
      rows.suffix(6) == [
        "block4.pool max pool 2×2 8×80×256", "pool global average pool 1×1×256",
        "dropout dropout 0.3 1×1×256",
        "hidden linear 1×1×128", "hidden.relu relu 1×1×128", "logits linear 1×1×10",
      ])
  }

  @Test("trained values are those that PyTorch counts for the same network")
  func trainedValues() throws {
    let layers = try graph.layers(frames: 64)
    let counts = Dictionary(uniqueKeysWithValues: layers.map { ($0.node.name, $0.trainedCount) })
    #expect(counts["block1.conv"] == 288)
    #expect(counts["block2.conv"] == 18_432)
    #expect(counts["block3.conv"] == 73_728)
    #expect(counts["block4.conv"] == 294_912)
    #expect(counts["block4.norm"] == 512)
    #expect(counts["hidden"] == 32_896)
    #expect(counts["logits"] == 1_290)
    #expect(counts["block1.pool"] == 0)
    // PyTorch: sum(p.numel() for p in model.parameters()) of shared/peers' cnn4, which is this network.
    #expect(layers.reduce(0) { $0 + $1.trainedCount } == 422_506)
    #expect(try graph.parameters().reduce(0) { $0 + $1.count } == 422_506 + 2 * (32 + 64 + 128 + 256))
  }

  @Test("multiply-accumulates are those of the convolutions and linear layers")
  func cost() throws {
    let layers = try graph.layers(frames: 1292)
    let costs = Dictionary(uniqueKeysWithValues: layers.map { ($0.node.name, $0.multiplyAccumulates) })
    #expect(costs["block1.conv"] == 128 * 1292 * 32 * 9)
    #expect(costs["block4.conv"] == 16 * 161 * 256 * 128 * 9)
    #expect(costs["hidden"] == 256 * 128)
    #expect(layers.filter { $0.multiplyAccumulates > 0 }.count == 6)
  }

  @Test("sixteen frames are the shortest clip, and a shorter one is refused by name")
  func shortestClip() throws {
    #expect(try graph.minimumFrames() == 16)
    #expect(try graph.layers(frames: 16).last?.output == TensorShape(bands: 1, frames: 1, channels: 10))
    let error = try #require(throws: MtagError.self) { try graph.layers(frames: 15) }
    #expect(error.message.contains("block4.pool"))
    #expect(error.kind == .usage)
  }

  @Test("too few bands are refused when the graph is made")
  func tooFewBands() throws {
    let error = try #require(throws: MtagError.self) { try CNN4().graph(bands: 15, labels: 10) }
    #expect(error.message.contains("block4.pool"))
  }

  @Test("labels are the channels of the logits", arguments: [1, 2, 10, 527])
  func labels(count: Int) throws {
    #expect(try CNN4().graph(bands: 32, labels: count).labelCount() == count)
  }

  @Test("depth and widths are configurable")
  func configuration() throws {
    var small = CNN4()
    small.widths = [8, 16]
    small.hidden = 4
    let graph = try small.graph(bands: 8, labels: 3)
    #expect(try graph.minimumFrames() == 4)
    #expect(try graph.parameters().first { $0.name == "hidden.weight" }?.shape == [4, 16])
  }

  @Test(
    "a configuration that makes no sense is refused",
    arguments: [[], [0], [-1, 8], [1 << 40], [Int.max]] as [[Int]])
  func senseless(widths: [Int]) {
    var model = CNN4()
    model.widths = widths
    #expect(throws: MtagError.self) { try model.graph(bands: 64, labels: 10) }
  }

  @Test("labels below one are refused", arguments: [0, -1, Int.min])
  func noLabels(count: Int) {
    #expect(throws: MtagError.self) { try CNN4().graph(bands: 64, labels: count) }
  }
}
