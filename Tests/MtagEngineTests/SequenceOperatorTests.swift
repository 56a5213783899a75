import MtagCore
import MtagEngine
import MtagGraph
import MtagKernels
import Testing

/// Every sequence operator against plain loops, at every level.
@Suite struct SequenceOperatorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let naive: NaiveSequence
    var isPadded = true
    var testDescription: String { "\(naive.operation.label) of \(naive.input.batch) × \(naive.input)" }
  }

  private static func shape(_ batch: Int, _ bands: Int, _ frames: Int, _ channels: Int) -> TensorShape {
    TensorShape(batch: batch, bands: bands, frames: frames, channels: channels)
  }

  private static let scale = MtagGraph.Operation.HarmonicFilter(
    sampleRateHz: 4000, harmonics: 3, lowestHz: 60, bands: 11, bandsPerSemitone: 1)

  static let cases =
    [
      (shape(1, 1, 1, 1), 1, true), (shape(2, 3, 5, 7), 18, true), (shape(3, 1, 4, 33), 5, false),
      (shape(1, 2, 70, 3), 4, true),
    ].map { Case(naive: .linear($0, features: $1, hasBias: $2)) }
    + [
      (shape(1, 1, 1, 3), 1e-5), (shape(2, 3, 4, 5), 1e-3), (shape(3, 1, 50, 16), 1e-6),
      (shape(1, 1, 3, 35), 1e-5),
    ].map { Case(naive: .layerNorm($0, epsilon: $1)) }
    + [
      (shape(1, 1, 1, 3), .init(.gru, hidden: 1)), (shape(2, 1, 1, 3), .init(.lstm, hidden: 2)),
      (shape(5, 1, 4, 3), .init(.gru, hidden: 17)), (shape(5, 1, 4, 3), .init(.lstm, hidden: 17)),
      (shape(4, 1, 6, 2), .init(.gru, hidden: 4, layers: 2, isBidirectional: true)),
      (shape(4, 1, 6, 2), .init(.lstm, hidden: 4, layers: 2, isBidirectional: true)),
      (shape(1, 1, 7, 18), .init(.gru, hidden: 3, layers: 3)),
      (shape(6, 1, 3, 2), .init(.lstm, hidden: 3, layers: 3, isBidirectional: true)),
    ].map { Case(naive: .recurrent($0, $1)) }
    + [
      (shape(1, 1, 1, 3), 1), (shape(2, 1, 7, 6), 2), (shape(1, 1, 19, 60), 5), (shape(1, 1, 67, 3), 1),
      (shape(1, 1, 130, 6), 2),
    ].map { Case(naive: .attention($0, heads: $1)) }
    + [(shape(1, 1, 1, 1), 1), (shape(3, 1, 5, 17), 2)].map { Case(naive: .tokens($0, count: $1)) }
    + [(shape(1, 1, 1, 1), 1), (shape(3, 2, 5, 17), 9), (shape(2, 1, 70, 3), 70)]
    .map { Case(naive: .positions($0, frames: $1)) }
    + [shape(1, 33, 1, 1), shape(2, 65, 21, 1)].flatMap { shape in
      [true, false].map { Case(naive: .harmonic(shape, scale), isPadded: $0) }
    }

  /// What an operator is fed.
  private struct Feed {
    let x: [Float]
    let weights: [[Float]]
    let gradient: [Float]

    init(_ test: Case) {
      var random = RandomGenerator(seed: 8)
      let isPower = if case .harmonicFilter = test.naive.operation { true } else { false }
      x = (0..<test.naive.input.count).map { _ in random.uniform(isPower ? 0 : -1, 1) }
      // A Q at which no bin stands at a corner of a triangle, where there is no slope.
      weights = test.naive.weightCounts.map { count in
        (0..<count).map { _ in isPower ? 0.177 : random.uniform(-0.7, 0.7) }
      }
      let count = test.naive.forward(x.map(Double.init), weights.map { $0.map(Double.init) }).count
      gradient = (0..<count).map { _ in random.uniform(-1, 1) }
    }
  }

  private func run(_ test: Case, _ feed: Feed, threads: Int, _ level: String, overwrites: Bool = true) throws
    -> LoneOperator
  {
    let layer = try LoneOperator(
      test.naive.operation, input: test.naive.input, isPadded: test.isPadded, threads: threads,
      kernels: Kernels.table(level: level))
    var weights = layer.weights
    weights.values = feed.weights.flatMap { $0 }
    layer.weights = weights
    layer.run(input: feed.x, outputGradient: feed.gradient, overwritesOutput: overwrites)
    return layer
  }

  @Test("output and gradients are those of plain loops", arguments: cases)
  func matchesPlainLoops(_ test: Case) throws {
    let feed = Feed(test)
    let (x, weights) = (feed.x.map(Double.init), feed.weights.map { $0.map(Double.init) })
    let output = test.naive.forward(x, weights)
    let gradients = test.naive.gradients(x, weights, feed.gradient.map(Double.init))
    for level in Kernels.available {
      let layer = try run(test, feed, threads: 2, level)
      #expect(relativeError(layer.output, output) <= 2e-6)
      #expect(relativeError(layer.inputGradient, gradients.input) <= 1e-5)
      #expect(layer.weightGradients.parameters.count == weights.count)
      for (parameter, expected) in zip(layer.weightGradients.parameters, gradients.weights) {
        let found = try #require(layer.weightGradients[parameter.name])
        #expect(relativeError(found, expected) <= 1e-5, "\(level): \(parameter.name)")
      }
      #expect(layer.hasCleanPadding)
    }
  }

  @Test("same bytes at any number of threads", arguments: cases)
  func threads(_ test: Case) throws {
    let feed = Feed(test)
    for level in Kernels.available {
      let one = try run(test, feed, threads: 1, level)
      for threads in [2, 3, 8] {
        let other = try run(test, feed, threads: threads, level)
        #expect(other.output == one.output && other.inputGradient == one.inputGradient)
        #expect(other.weightGradients == one.weightGradients)
      }
    }
  }

  @Test("large shapes, whose products are cut, give the same bytes at any number of threads")
  func largeShapes() throws {
    let large = [
      Case(naive: .linear(Self.shape(4, 3, 200, 70), features: 90, hasBias: true)),
      Case(naive: .layerNorm(Self.shape(8, 4, 100, 40), epsilon: 1e-5)),
      Case(
        naive: .recurrent(
          Self.shape(13, 1, 40, 50), .init(.gru, hidden: 40, layers: 2, isBidirectional: true))),
      Case(
        naive: .recurrent(
          Self.shape(13, 1, 40, 50), .init(.lstm, hidden: 40, layers: 2, isBidirectional: true))),
      Case(naive: .attention(Self.shape(3, 1, 300, 96), heads: 4)),
      Case(naive: .positions(Self.shape(9, 2, 300, 20), frames: 301)),
    ]
    for test in large {
      let feed = Feed(test)
      let one = try run(test, feed, threads: 1, Kernels.available[0])
      let expected = test.naive.forward(feed.x.map(Double.init), feed.weights.map { $0.map(Double.init) })
      #expect(relativeError(one.output, expected) <= 1e-5, "\(test.testDescription)")
      for threads in [2, 3, 8] {
        let other = try run(test, feed, threads: threads, Kernels.available[0])
        #expect(other.output == one.output && other.inputGradient == one.inputGradient)
        #expect(other.weightGradients == one.weightGradients, "\(test.testDescription), \(threads) threads")
      }
    }
  }

  @Test("each sequence of a batch gives what it gives alone", arguments: [1, 2, 4, 7])
  func batches(_ batch: Int) throws {
    for attributes: MtagGraph.Operation.Recurrent in [
      .init(.gru, hidden: 20, layers: 2, isBidirectional: true),
      .init(.lstm, hidden: 20, isBidirectional: true),
    ] {
      let test = Case(naive: .recurrent(Self.shape(batch, 1, 9, 6), attributes))
      let single = Case(naive: .recurrent(Self.shape(1, 1, 9, 6), attributes))
      let feed = Feed(test)
      for level in Kernels.available {
        let all = try run(test, feed, threads: 2, level)
        let kernels = try Kernels.table(level: level)
        let alone = try LoneOperator(
          single.naive.operation, input: single.naive.input, threads: 1, kernels: kernels)
        alone.weights = all.weights
        let (size, outputs) = (9 * 6, 9 * 40)
        for item in 0..<batch {
          alone.run(
            input: Array(feed.x[(item * size)..<((item + 1) * size)]),
            outputGradient: Array(feed.gradient[(item * outputs)..<((item + 1) * outputs)]))
          #expect(
            relativeError(
              alone.output, all.output[(item * outputs)..<((item + 1) * outputs)].map(Double.init)) < 3e-6)
        }
      }
    }
  }

  @Test("what is not a number or infinite goes through without a trap", arguments: cases)
  func notANumber(_ test: Case) throws {
    let feed = Feed(test)
    for value in [Float.nan, .infinity, -.infinity, 1e38] {
      for level in Kernels.available {
        let layer = try LoneOperator(
          test.naive.operation, input: test.naive.input, threads: 2, kernels: Kernels.table(level: level))
        var weights = layer.weights
        weights.values = weights.values.map { _ in value }
        layer.weights = weights
        layer.run(input: feed.x.map { _ in value }, outputGradient: feed.gradient)
        if value.isNaN { #expect(layer.output.contains { $0.isNaN }) }
      }
    }
  }
}
