import MtagCore
import MtagEngine
import MtagGraph
import MtagKernels
import Testing

@Suite struct OracleTests {
  static let runs = ["cnn4-ten-steps", "cnn4-ten-steps-full", "cnn4-bce-sgd", "cnn4-adam"]

  @Test(
    "ten steps give PyTorch's losses to 1e-4, weights to 1e-3 and eval logits", arguments: runs,
    Kernels.available)
  func tenSteps(_ name: String, level: String) throws {
    let run = try PyTorchRun.load(name)
    let oracle = try PyTorchTensors.load(name)
    let engine = try train(run, threads: 2, level: level)

    let losses = try oracle.tensor("losses")
    let norms = try oracle.tensor("gradientNorms")
    for (step, result) in engine.results.enumerated() {
      #expect(
        abs(result.loss - losses[step]) <= 1e-4 * losses[step],
        "loss of step \(step): \(result.loss), \(losses[step])")
      #expect(abs(result.gradientNorm - norms[step]) <= 1e-3 * norms[step], "norm of step \(step)")
    }
    let weights = engine.engine.weights()
    for tensor in oracle.tensors {
      guard let ours = weights[tensor.name] else { continue }
      let theirs = try oracle.tensor(tensor.name)
      let difference = theirs.indices.map { abs(theirs[$0] - ours[$0 * tensor.stride]) }.max() ?? 0
      #expect(difference <= 1e-3, "\(tensor.name) differs by \(difference)")
    }
    let graph = try run.graph()
    let inference = try InferenceEngine(
      graph: graph, weights: weights, threads: 2, kernels: Kernels.table(level: level))
    for (frames, batch) in [(48, 4), (61, 3), (16, 1)] {
      let inputs = PyTorchRun.inputs(seed: UInt64(3000 + frames), count: batch * PyTorchRun.bands * frames)
      let logits = try inputs.withUnsafeBufferPointer {
        try inference.logits($0, batch: batch, frames: frames)
      }
      let theirs = try oracle.tensor("eval.logits.\(frames)")
      let difference = zip(logits, theirs).map { abs($0 - $1) }.max() ?? .infinity
      #expect(difference <= 2e-3, "logits of \(frames) frames differ by \(difference)")
    }
  }

  @Test("the gradients of the first step are PyTorch's", arguments: [runs[0], runs[2]], Kernels.available)
  func firstGradients(_ name: String, level: String) throws {
    let run = try PyTorchRun.load(name)
    let expected = try PyTorchTensors.load("\(name)-first-gradients")
    let graph = try run.graph()
    let engine = try TrainingEngine(
      graph: graph, weights: try run.initialWeights(graph), loss: run.lossFunction, optimizer: run.optimizer,
      gradientClip: nil, threads: 1, seed: 0, kernels: Kernels.table(level: level))
    let (inputs, targets) = batch(run, step: 0)
    _ = try engine.gradients(of: inputs, targets, batch: PyTorchRun.batch, frames: PyTorchRun.frames)
    let gradients = engine.gradientSnapshot()
    for tensor in expected.tensors {
      let theirs = try expected.tensor(tensor.name)
      let ours = try #require(gradients[tensor.name])
      let size = theirs.map(abs).max() ?? 0
      let difference = zip(ours, theirs).map { abs($0 - $1) }.max() ?? .infinity
      #expect(difference <= 1e-4 * size + 1e-7, "\(tensor.name): \(difference) of \(size)")
    }
  }

  @Test(
    "same seed, same bytes of weights, whatever the thread count", arguments: [2, 3, 8], Kernels.available)
  func threads(_ threads: Int, level: String) throws {
    let run = try PyTorchRun.load("cnn4-ten-steps-full")
    let one = try train(run, threads: 1, level: level).engine.weights()
    let many = try train(run, threads: threads, level: level).engine.weights()
    #expect(one.values.map(\.bitPattern) == many.values.map(\.bitPattern))
  }

  private func batch(_ run: PyTorchRun, step: Int) -> ([Float], [Float]) {
    let labels = run.parameters.labels
    let inputs = PyTorchRun.inputs(
      seed: UInt64(1000 + step), count: PyTorchRun.batch * PyTorchRun.bands * PyTorchRun.frames)
    let isBinary = run.lossFunction == .binaryCrossEntropy
    return (
      inputs,
      isBinary
        ? PyTorchRun.binaryTargets(step: step, labels: labels)
        : PyTorchRun.classTargets(step: step, labels: labels)
    )
  }

  private func train(
    _ run: PyTorchRun, threads: Int, level: String
  ) throws -> (engine: TrainingEngine, results: [TrainingEngine.StepResult]) {
    let graph = try run.graph()
    let engine = try TrainingEngine(
      graph: graph, weights: try run.initialWeights(graph), loss: run.lossFunction, optimizer: run.optimizer,
      gradientClip: run.parameters.gradientClip, threads: threads, seed: 0,
      kernels: Kernels.table(level: level))
    let results = try (0..<10).map { step in
      let (inputs, targets) = batch(run, step: step)
      return try engine.step(
        inputs, targets, batch: PyTorchRun.batch, frames: PyTorchRun.frames,
        learningRate: run.parameters.learningRate)
    }
    return (engine, results)
  }
}

extension TrainingEngine {
  func step(
    _ inputs: [Float], _ targets: [Float], batch: Int, frames: Int, learningRate: Float
  ) throws -> StepResult {
    try inputs.withUnsafeBufferPointer { inputs in
      try targets.withUnsafeBufferPointer { targets in
        try step(inputs: inputs, targets: targets, batch: batch, frames: frames, learningRate: learningRate)
      }
    }
  }

  func gradients(of inputs: [Float], _ targets: [Float], batch: Int, frames: Int) throws -> Float {
    try inputs.withUnsafeBufferPointer { inputs in
      try targets.withUnsafeBufferPointer { targets in
        try gradients(inputs: inputs, targets: targets, batch: batch, frames: frames)
      }
    }
  }
}
