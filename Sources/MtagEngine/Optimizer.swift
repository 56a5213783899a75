import Foundation
import MtagCore

/// Applies one optimizer to flat arrays of weights and gradients. Formulas and defaults are PyTorch's.
final class Optimizer {
  let configuration: OptimizerConfiguration
  private(set) var stepCount = 0
  private let ranges: [Range<Int>]
  /// The ranges cut into pieces of work.
  private let pieces: [Range<Int>]
  private let count: Int
  private let first: AlignedBuffer
  private let second: AlignedBuffer

  /// - Parameters:
  ///   - count: length of the flat arrays.
  ///   - ranges: the parts that are trained.
  init(_ configuration: OptimizerConfiguration, count: Int, ranges: [Range<Int>]) {
    self.configuration = configuration
    self.ranges = ranges
    pieces = ranges.flatMap { range in
      stride(from: range.lowerBound, to: range.upperBound, by: Self.pieceCount).map {
        $0..<min($0 + Self.pieceCount, range.upperBound)
      }
    }
    self.count = count
    first = AlignedBuffer(count: count)
    if case .sgd = configuration {
      second = AlignedBuffer(count: 0)
    } else {
      second = AlignedBuffer(count: count)
    }
  }

  /// The Euclidean norm of all trained gradients.
  func norm(_ gradients: UnsafePointer<Float>) -> Float {
    var total = 0.0
    for range in ranges {
      for i in range { total += Double(gradients[i]) * Double(gradients[i]) }
    }
    return Float(total.squareRoot())
  }

  /// Scales all trained gradients.
  func scale(_ gradients: UnsafeMutablePointer<Float>, by factor: Float) {
    for range in ranges {
      for i in range { gradients[i] *= factor }
    }
  }

  /// One update of the weights. Every weight is on its own, so pieces of them go to the threads.
  func step(
    _ weights: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>, learningRate: Float,
    executor: ParallelExecutor
  ) {
    stepCount += 1
    executor.forEach(chunks: pieces.count) { piece, _ in
      update(weights, gradients, pieces[piece], learningRate)
    }
  }

  /// Weights of one piece of work.
  private static let pieceCount = 1 << 15

  private func update(
    _ weights: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>, _ range: Range<Int>,
    _ learningRate: Float
  ) {
    switch configuration {
    case .sgd(let momentum, let weightDecay):
      let velocity = first.pointer
      let isFirst = stepCount == 1
      for i in range {
        let gradient = gradients[i] + weightDecay * weights[i]
        velocity[i] = isFirst ? gradient : momentum * velocity[i] + gradient
        weights[i] -= learningRate * velocity[i]
      }
    case .adam(let beta1, let beta2, let epsilon, let weightDecay):
      adam(
        weights, gradients, range, learningRate, beta1, beta2, epsilon, decay: weightDecay, decouples: false)
    case .adamW(let beta1, let beta2, let epsilon, let weightDecay):
      adam(
        weights, gradients, range, learningRate, beta1, beta2, epsilon, decay: weightDecay, decouples: true)
    }
  }

  private func adam(
    _ weights: UnsafeMutablePointer<Float>, _ gradients: UnsafePointer<Float>, _ range: Range<Int>,
    _ learningRate: Float, _ beta1: Float, _ beta2: Float, _ epsilon: Float, decay: Float, decouples: Bool
  ) {
    let (mean, square) = (first.pointer, second.pointer)
    let correction1 = 1 - pow(Double(beta1), Double(stepCount))
    let correction2 = 1 - pow(Double(beta2), Double(stepCount))
    let stepSize = Float(Double(learningRate) / correction1)
    let rootCorrection = Float(correction2.squareRoot())
    let keep = Float(1 - Double(learningRate) * Double(decay))
    for i in range {
      let gradient = decouples ? gradients[i] : gradients[i] + decay * weights[i]
      if decouples { weights[i] *= keep }
      mean[i] += (1 - beta1) * (gradient - mean[i])
      square[i] = beta2 * square[i] + (1 - beta2) * gradient * gradient
      weights[i] -= stepSize * mean[i] / (square[i].squareRoot() / rootCorrection + epsilon)
    }
  }

  // MARK: - State

  private var names: [String] {
    if case .sgd = configuration { return ["momentum_buffer"] }
    return ["exp_avg", "exp_avg_sq"]
  }

  func state() -> OptimizerState {
    let values = names.count == 1 ? [Array(first.readOnly)] : [Array(first.readOnly), Array(second.readOnly)]
    return OptimizerState(
      stepCount: stepCount, moments: Dictionary(uniqueKeysWithValues: zip(names, values)))
  }

  /// - Throws: `MtagError` (badData) if the state belongs to another optimizer or network.
  func restore(_ state: OptimizerState) throws {
    for (index, name) in names.enumerated() {
      guard let values = state.moments[name], values.count == count else {
        throw MtagError(
          .badData,
          "the saved optimizer state has no '\(name)' of \(count) values: it is of another optimizer or network"
        )
      }
      let target = index == 0 ? first.pointer : second.pointer
      values.withUnsafeBufferPointer { source in
        if let base = source.baseAddress { target.update(from: base, count: count) }
      }
    }
    stepCount = state.stepCount
  }
}
