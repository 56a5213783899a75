import MtagConformance
import MtagGraph
import MtagZoo
import Testing

/// What holds for every architecture of the zoo; a new one is tested by being registered.
@Suite struct ConformanceTests {
  static let names = (try? Zoo().architectures.names) ?? []

  @Test("the registry holds architectures")
  func registered() { #expect(Self.names.contains("cnn4")) }

  @Test("every architecture, narrow, with its card's features", arguments: names)
  func architectures(_ name: String) throws {
    let conformance = try ArchitectureConformance(name, in: Zoo())
    for check in ConformanceCheck.allCases {
      let start = ContinuousClock.now
      let problems = try conformance.narrow.problems(check)
      print("TIMING", name, check, ContinuousClock.now - start, problems)
      #expect(problems == [], "\(check)")
    }
  }

  @Test(
    "as it is, every architecture gives a score a label, and its narrow form needs as many frames",
    arguments: names)
  func wide(_ name: String) throws {
    let conformance = try ArchitectureConformance(name, in: Zoo())
    #expect(try conformance.graph.labelCount() == 3)
    #expect(try conformance.graph.minimumFrames() == conformance.narrow.graph.minimumFrames())
    #expect(conformance.graph.nodes.map(\.name) == conformance.narrow.graph.nodes.map(\.name))
    let trained = { (graph: Graph) in
      try graph.parameters().filter(\.isTrained).reduce(0) { $0 + $1.count }
    }
    #expect(try trained(conformance.narrow.graph) < 100_000)
  }

  @Test("the kit finds what is wrong")
  func kitFinds() throws {
    // Scores that do not depend on the clip, and weights that nothing comes of.
    var builder = GraphBuilder(name: "blind", inputBands: 4)
    let x = builder.convolution(builder.input, "conv", channels: 4, kernel: 1)
    _ = builder.linear(builder.globalAveragePool(builder.relu(x, "act"), "mean"), "logits", features: 3)
    let graph = try builder.finish()
    var weights = Weights(initializing: try graph.parameters(), seed: 1)
    weights["conv.bias"] = [-100, -100, -100, -100]
    let blind = try GraphConformance(graph, weights: weights)
    #expect(try blind.problems(.scores) == ["two clips cannot be told apart"])
    #expect(try blind.problems(.everyWeight).contains("conv.weight has no gradient"))
    #expect(try GraphConformance(graph).problems(.everyWeight) == [])
  }
}
