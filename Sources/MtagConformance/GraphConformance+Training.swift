import MtagCore
import MtagEngine
import MtagGraph

extension GraphConformance {
  /// How many random directions are tried; each has a part of every tensor's gradient.
  private static let directions = 1
  /// Allowed difference of a slope, as a share of it.
  private static let slopeError = 0.03

  func gradientProblems() throws -> [String] {
    // Long clips: a batch norm of a few pixels makes the loss too steep for any step that single precision resolves.
    let (engine, inputs) = (try trainer(), noise(frames: longFrames))
    let state = engine.optimizerState()
    let gradients = try loss(engine, inputs, frames: longFrames).gradients
    var random = RandomGenerator(seed: 4)
    var problems: [String] = []
    for attempt in 0..<Self.directions {
      // Each tensor's gradient with a random weight: along random numbers the loss would hardly move, and rounding would hide it.
      var direction = [Float](repeating: 0, count: weights.values.count)
      var slope = 0.0
      for (index, parameter) in gradients.parameters.enumerated() where parameter.isTrained {
        let range = gradients.range(at: index)
        let length = gradients.values[range].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard length > 0 else { continue }
        let share = attempt == 0 ? 1 : Double(random.uniform(0, 1))
        slope += share * length
        for i in range { direction[i] = Float(share / length) * gradients.values[i] }
      }
      guard slope > 0 else { return ["no weight has a gradient"] }
      // Steps that should change the loss by so much, until one is near enough: long steps meet the kinks of ReLU and pools, short
      // ones drown in rounding, and where the one begins before the other ends differs from network to network.
      var errors: [Double] = []
      for change in [1e-3, 3e-4, 3e-3, 1e-4, 1e-2, 3e-5, 3e-2, 1e-1] {
        let step = change / slope
        let ends = try [step, -step].map { step in
          var moved = weights
          for i in direction.indices { moved.values[i] += Float(step) * direction[i] }
          try engine.restore(weights: moved, optimizerState: state)
          return Double(try loss(engine, inputs, frames: longFrames).loss)
        }
        errors.append(abs((ends[0] - ends[1]) / (2 * step) - slope) / slope)
        if let error = errors.last, error <= Self.slopeError { break }
      }
      let error = errors.min() ?? .infinity
      if !(error <= Self.slopeError) {
        problems.append(
          "direction \(attempt): the gradient says \(slope), which is off by the shares \(errors)")
      }
    }
    return problems
  }

  func everyWeightProblems() throws -> [String] {
    let gradients = try loss(trainer(), noise(frames: longFrames), frames: longFrames).gradients
    return gradients.parameters.filter(\.isTrained).compactMap { parameter in
      let values = gradients[parameter.name] ?? []
      if !values.allSatisfy(\.isFinite) { return "the gradient of \(parameter.name) is not finite" }
      return values.contains { $0 != 0 } ? nil : "\(parameter.name) has no gradient"
    }
  }

  func learningProblems() throws -> [String] {
    let inputs = noise()
    let engine = try trainer(
      of: withoutDropout(),
      optimizer: .adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01))
    let losses = try (0..<15).map { _ in
      try inputs.withUnsafeBufferPointer { inputs in
        try targets.withUnsafeBufferPointer {
          try engine.step(
            inputs: inputs, targets: $0, batch: Self.batch, frames: frames, learningRate: 1e-3)
        }
      }.loss
    }
    let (first, last) = (losses.prefix(3).reduce(0, +), losses.suffix(3).reduce(0, +))
    return last < first ? [] : ["15 steps on one batch do not lower its loss: \(losses)"]
  }
}
