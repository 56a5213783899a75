import CAllocationCounter
import MtagCore
import MtagEngine
import MtagGraph
import MtagModels
import Testing

/// Once a plan is compiled, a step takes no memory. Each test runs in a process of its own: the counter sees every thread.
@Suite(.enabled(if: Counted.isPossible))
struct AllocationTests {
  @Test("the counter sees what is allocated, on every thread")
  func counterWorks() async {
    await #expect(processExitsWith: .success) {
      let blocks = Counted.run {
        ParallelExecutor(threads: 2).forEach(chunks: 100) { _, _ in AlignedBuffer(count: 100).pointer[0] = 1 }
      }
      #expect(blocks >= 100 * Counted.runs)
    }
  }

  @Test("training steps allocate nothing on one thread")
  func trainingOnOneThread() async {
    await #expect(processExitsWith: .success) {
      for graph in try Counted.graphs() {
        let blocks = try Counted.trainingSteps(graph, frames: 40, threads: 1)
        #expect(blocks == 0, "\(graph.name): \(blocks) blocks in \(Counted.runs) steps")
      }
    }
  }

  @Test("a loop on two threads allocates what Dispatch needs to start it, however long it is")
  func parallelLoop() async {
    await #expect(processExitsWith: .success) {
      for chunks in [2, 100, 10_000] {
        let blocks = Counted.run { ParallelExecutor(threads: 2).forEach(chunks: chunks) { _, _ in } }
        #expect(blocks <= Counted.blocksOfLoop * Counted.runs, "\(chunks) chunks: \(blocks) blocks")
      }
    }
  }

  @Test("training steps on two threads allocate only what starts their loops, at any length of the clips")
  func trainingOnTwoThreads() async {
    await #expect(processExitsWith: .success) {
      for graph in try Counted.graphs() {
        for frames in [40, 400] {
          let blocks = try Counted.trainingSteps(graph, frames: frames, threads: 2)
          // No node has more than six loops, forward and backward together.
          let most = 6 * graph.nodes.count * Counted.blocksOfLoop * Counted.runs
          #expect(blocks <= most, "\(graph.name), \(frames) frames: \(blocks) blocks")
        }
      }
    }
  }

  @Test("inference on one thread allocates the array of logits and nothing else")
  func inference() async {
    await #expect(processExitsWith: .success) {
      for graph in try Counted.graphs() {
        let blocks = try Counted.inferences(graph, frames: 40)
        #expect(blocks == Counted.runs, "\(graph.name): \(blocks) blocks in \(Counted.runs) runs")
      }
    }
  }
}

/// What the tests count, free of captured values: a test's own process starts from nothing.
enum Counted {
  /// Not in a debug build, which puts on the heap closures that an optimised one keeps on the stack.
  static var isPossible: Bool {
    #if DEBUG
      false
    #else
      mtag_can_count_allocations() == 1
    #endif
  }

  /// What starting one loop takes: the closure that Dispatch may keep, Dispatch's two copies of it (as a Swift closure and
  /// as a block), and its record of the loop with a note for each thread that is asked to help.
  static let blocksOfLoop = 6

  /// Steps that are counted, after as many that are not as fill every cache.
  static let runs = 5
  private static let warmUps = 3
  private static let batch = 3

  /// A network of fused blocks, and one of everything else.
  static func graphs() throws -> [Graph] {
    var other = GraphBuilder(name: "other", inputBands: 24, inputChannels: 2)
    var x = other.convolution(other.input, "wide", channels: 6, kernel: 5, padding: 2)
    x = other.batchNorm(x, "wide_norm")
    x = other.relu(other.convolution(x, "strided", channels: 8, kernel: 3, stride: 2, padding: 1), "act")
    x = other.maxPool(other.convolution(x, "square", channels: 8, kernel: 3), "pool", size: 3)
    x = other.dropout(other.globalAveragePool(x, "gap"), "drop", rate: 0.3)
    _ = other.linear(other.relu(other.linear(x, "hidden", features: 12), "hidden_act"), "logits", features: 5)
    var small = CNN4()
    (small.widths, small.hidden) = ([16, 32], 16)
    return [try small.graph(bands: 24, labels: 5), try other.finish()]
  }

  /// Blocks allocated by training steps.
  static func trainingSteps(_ graph: Graph, frames: Int, threads: Int) throws -> Int {
    let weights = Weights(initializing: try graph.parameters(), seed: 1)
    let engine = try TrainingEngine(
      graph: graph, weights: weights, loss: .crossEntropy(labelSmoothing: 0.1),
      optimizer: .adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01), gradientClip: 0.01,
      threads: threads, seed: 2)
    let (inputs, targets) = batchOf(graph, frames: frames)
    return try run {
      try inputs.withUnsafeBufferPointer { inputs in
        try targets.withUnsafeBufferPointer { targets in
          _ = try engine.step(
            inputs: inputs, targets: targets, batch: batch, frames: frames, learningRate: 1e-3)
        }
      }
    }
  }

  /// Blocks allocated by inferences.
  static func inferences(_ graph: Graph, frames: Int) throws -> Int {
    let weights = Weights(initializing: try graph.parameters(), seed: 1)
    let engine = try InferenceEngine(graph: graph, weights: weights, threads: 1)
    let inputs = batchOf(graph, frames: frames).inputs
    return try run {
      try inputs.withUnsafeBufferPointer {
        _ = try engine.logits($0, batch: batch, frames: frames)
      }
    }
  }

  /// Blocks that `runs` calls allocate, after warming up.
  static func run(_ body: () throws -> Void) rethrows -> Int {
    for _ in 0..<warmUps { try body() }
    mtag_start_counting_allocations()
    for _ in 0..<runs { try body() }
    return mtag_stop_counting_allocations()
  }

  private static func batchOf(_ graph: Graph, frames: Int) -> (inputs: [Float], targets: [Float]) {
    var random = RandomGenerator(seed: 3)
    let count = batch * graph.inputBands * frames * graph.inputChannels
    let inputs = (0..<count).map { _ in random.uniform(-1, 1) }
    return (inputs, (0..<(batch * 5)).map { $0 % 5 == 1 ? 1 : 0 })
  }
}
