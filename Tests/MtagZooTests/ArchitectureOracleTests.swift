import MtagEngine
import MtagKernels
import MtagZoo
import Testing

@Suite struct ArchitectureOracleTests {
  @Test("every architecture that no other is a size of has vectors")
  func complete() throws {
    let sizes: Set = ["cnn4-m", "cnn4-l", "musicnn-big"]
    #expect(Set(ArchitectureSizeTests.rows.map(\.model)).subtracting(sizes) == Set(ArchitectureOracle.names))
  }

  @Test(
    "names and shapes of weights are those of the PyTorch definition", arguments: ArchitectureOracle.names)
  func parameters(_ name: String) throws {
    let oracle = try ArchitectureOracle.load(name)
    let trained = try oracle.graph().parameters().filter(\.isTrained)
    #expect(
      Dictionary(uniqueKeysWithValues: trained.map { ($0.name, $0.shape) })
        == Dictionary(uniqueKeysWithValues: oracle.tensors.map { ($0.name, $0.shape) }))
  }

  @Test(
    "logits with running statistics are PyTorch's to 1e-4", arguments: ArchitectureOracle.names,
    Kernels.available)
  func inference(_ name: String, level: String) throws {
    let oracle = try ArchitectureOracle.load(name)
    let graph = try oracle.graph()
    let engine = try InferenceEngine(
      graph: graph, weights: oracle.weights(graph), threads: 2, kernels: Kernels.table(level: level))
    let logits = try oracle.inputs.withUnsafeBufferPointer {
      try engine.logits($0, batch: oracle.batch, frames: oracle.frames)
    }
    let largest = oracle.evaluatedLogits.map(abs).max() ?? 0
    let difference = zip(logits, oracle.evaluatedLogits).map { abs($0 - $1) }.max() ?? .infinity
    #expect(logits.count == oracle.batch * oracle.labels)
    #expect(difference <= 1e-4 * largest, "\(difference) of \(largest)")
  }

  @Test(
    "loss and gradients in training are PyTorch's to 1e-4", arguments: ArchitectureOracle.names,
    Kernels.available)
  func training(_ name: String, level: String) throws {
    let oracle = try ArchitectureOracle.load(name)
    let graph = try oracle.graph()
    let engine = try TrainingEngine(
      graph: graph, weights: oracle.weights(graph), loss: .crossEntropy(labelSmoothing: 0),
      optimizer: .sgd(momentum: 0, weightDecay: 0), gradientClip: nil, threads: 2, seed: 0,
      kernels: Kernels.table(level: level))
    let loss = try oracle.inputs.withUnsafeBufferPointer { inputs in
      try oracle.targets.withUnsafeBufferPointer {
        try engine.gradients(inputs: inputs, targets: $0, batch: oracle.batch, frames: oracle.frames)
      }
    }
    #expect(abs(loss - oracle.loss) <= 1e-4 * oracle.loss, "loss \(loss), \(oracle.loss)")
    let ours = engine.gradientSnapshot()
    let gradients = oracle.gradients
    // A bias in front of a norm has no gradient; what is computed for it is rounding of the others.
    let floor = 1e-6 * (gradients.map(\.largest).max() ?? 0)
    for gradient in gradients {
      let tensor = gradient.tensor
      let values = try #require(ours[tensor.name])
      let single = 1e-4 * gradient.largest + floor
      let whole = 1e-4 * gradient.norm + floor * Float(tensor.count).squareRoot()
      let difference = zip(tensor.places, gradient.values).map { abs(values[$0] - $1) }.max() ?? .infinity
      #expect(difference <= single, "\(tensor.name): \(difference) of \(gradient.largest)")
      let norm = Float(values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
      #expect(abs(norm - gradient.norm) <= whole, "norm of \(tensor.name): \(norm), \(gradient.norm)")
      let signs = ArchitectureOracle.uniform("\(tensor.name) signs", count: tensor.count)
      let signedSum = Float(zip(values, signs).reduce(0.0) { $0 + Double($1.1 < 0 ? -$1.0 : $1.0) })
      #expect(
        abs(signedSum - gradient.signedSum) <= whole,
        "signed sum of \(tensor.name): \(signedSum), \(gradient.signedSum)")
    }
  }
}
