import MtagCore
import MtagEngine
import MtagGraph
import MtagModels
import Testing

@Suite struct ChangedWeightsTests {
  private func graph(widths: [Int] = [4, 8]) throws -> Graph {
    var network = CNN4()
    network.widths = widths
    network.hidden = 8
    return try network.graph(bands: 16, labels: 3)
  }

  private func logits(_ engine: InferenceEngine, batch: Int) throws -> [Float] {
    var random = RandomGenerator(seed: 9)
    let inputs = (0..<(batch * 16 * 24)).map { _ in random.uniform(-1, 1) }
    return try inputs.withUnsafeBufferPointer { try engine.logits($0, batch: batch, frames: 24) }
  }

  @Test(
    "an engine that goes on with other weights gives what a fresh one gives, for every batch shape it knew")
  func sameAsFresh() throws {
    let graph = try graph()
    let weights = try (0..<3).map { Weights(initializing: try graph.parameters(), seed: $0) }
    let engine = try InferenceEngine(graph: graph, weights: weights[0], threads: 2)
    for batch in [1, 5] { _ = try logits(engine, batch: batch) }
    for next in [weights[1], weights[2], weights[0]] {
      try engine.use(next)
      let fresh = try InferenceEngine(graph: graph, weights: next, threads: 2)
      for batch in [5, 1, 2] { #expect(try logits(engine, batch: batch) == logits(fresh, batch: batch)) }
    }
  }

  @Test("weights of another network are refused")
  func otherNetwork() throws {
    let graph = try graph()
    let engine = try InferenceEngine(
      graph: graph, weights: Weights(initializing: try graph.parameters(), seed: 0), threads: 1)
    let other = Weights(initializing: try self.graph(widths: [4, 12]).parameters(), seed: 0)
    let error = try #require(throws: MtagError.self) { try engine.use(other) }
    #expect(error.kind == .usage && error.message.contains("cnn4"), "\(error.message)")
  }
}
