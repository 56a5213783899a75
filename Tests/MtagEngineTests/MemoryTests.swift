import MtagCore
import MtagEngine
import MtagGraph
import MtagModels
import Testing

@Suite struct MemoryTests {
  @Test("a batch that no machine could hold is refused with its size, before anything is allocated")
  func tooLarge() throws {
    let graph = try CNN4().graph(bands: 128, labels: 10)
    let weights = Weights(initializing: try graph.parameters(), seed: 0)
    let engine = try TrainingEngine(
      graph: graph, weights: weights, loss: .binaryCrossEntropy, optimizer: .sgd(momentum: 0, weightDecay: 0),
      gradientClip: nil, threads: 1, seed: 0)
    let error = #expect(throws: MtagError.self) { try engine.prepare(batch: 65_536, frames: 1_000_000) }
    #expect(error?.message.contains("GiB") == true && error?.message.contains("--crop") == true)
    let inference = try InferenceEngine(graph: graph, weights: weights, threads: 1)
    #expect(throws: MtagError.self) { try inference.checkMemory(batch: 65_536, frames: 1_000_000) }
    try inference.checkMemory(batch: 1, frames: 1292)
  }
}
