import MtagCore
import MtagEngine
import MtagGraph
import MtagKernels
import Testing

/// What the compiler runs as one step must give what the single steps give.
@Suite struct FusionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let batch: Int
    let bands: Int
    let frames: Int
    let hasBias: Bool
    let hasPool: Bool
  }

  /// Backward works strip by strip where images are wide, and on several images at once where they are small.
  static let cases = [
    Case(testDescription: "wide image", batch: 1, bands: 25, frames: 2101, hasBias: false, hasPool: true),
    Case(testDescription: "wide, odd rows", batch: 2, bands: 9, frames: 2102, hasBias: true, hasPool: true),
    Case(testDescription: "wide, no pool", batch: 1, bands: 13, frames: 2101, hasBias: true, hasPool: false),
    Case(testDescription: "many images", batch: 9, bands: 5, frames: 7, hasBias: true, hasPool: true),
    Case(testDescription: "two rows", batch: 3, bands: 2, frames: 64, hasBias: false, hasPool: true),
  ]

  @Test("a convolution's block gives the same gradients as its parts", arguments: cases)
  func blockEqualsParts(_ test: Case) throws {
    let whole = try gradients(test, isSplit: false)
    let parts = try gradients(test, isSplit: true)
    for (index, parameter) in whole.parameters.enumerated() where parameter.isTrained {
      let range = whole.range(at: index)
      let largest = parts.values[range].map(abs).max() ?? 0
      for i in range {
        // A bias before a batch norm has no gradient but rounding.
        let scale = parameter.name == "a.bias" ? 1 : largest
        #expect(abs(whole.values[i] - parts.values[i]) <= 2e-5 * scale, "\(parameter.name)")
      }
    }
  }

  /// - Parameter isSplit: a pool of one pixel, which changes nothing, stands between convolution and norm.
  private func gradients(_ test: Case, isSplit: Bool) throws -> Weights {
    var builder = GraphBuilder(name: "test", inputBands: test.bands, inputChannels: 2)
    var x = builder.convolution(builder.input, "first", channels: 20, kernel: 3)
    x = builder.convolution(x, "a", channels: 64, kernel: 3, bias: test.hasBias)
    if isSplit { x = builder.maxPool(x, "nothing", size: 1) }
    x = builder.relu(builder.batchNorm(x, "b"), "c")
    if test.hasPool { x = builder.maxPool(x, "d", size: 2) }
    x = builder.globalAveragePool(x, "gap")
    _ = builder.linear(x, "logits", features: 3)
    let graph = try builder.finish()
    var random = RandomGenerator(seed: 5)
    var weights = Weights(initializing: try graph.parameters(), seed: 3)
    for i in weights.values.indices { weights.values[i] += random.uniform(-0.05, 0.05) }
    let inputs = (0..<(test.batch * test.bands * test.frames * 2)).map { _ in random.uniform(-1, 1) }
    let targets = (0..<(test.batch * 3)).map { Float($0 % 3 == $0 / 3 % 3 ? 1 : 0) }
    let engine = try TrainingEngine(
      graph: graph, weights: weights, loss: .crossEntropy(labelSmoothing: 0),
      optimizer: .sgd(momentum: 0, weightDecay: 0), gradientClip: nil, threads: 2, seed: 9,
      kernels: Kernels.table())
    _ = try engine.gradients(of: inputs, targets, batch: test.batch, frames: test.frames)
    return engine.gradientSnapshot()
  }
}
