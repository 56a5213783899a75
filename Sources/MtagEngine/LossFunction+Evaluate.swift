import Foundation

extension LossFunction {
  /// The mean loss of a batch, and its gradient with respect to the logits.
  ///
  /// - Parameters:
  ///   - logits: `[batch, stride]`, of which `labels` count.
  ///   - targets: `[batch, labels]`.
  ///   - gradient: `[batch, stride]`, overwritten; the padding becomes zero.
  func evaluate(
    logits: UnsafePointer<Float>, stride: Int, targets: UnsafeBufferPointer<Float>, batch: Int, labels: Int,
    gradient: UnsafeMutablePointer<Float>
  ) -> Float {
    var total = 0.0
    for item in 0..<batch {
      let row = UnsafeBufferPointer(start: logits + item * stride, count: labels)
      let target = targets[(item * labels)..<((item + 1) * labels)]
      let out = gradient + item * stride
      out.update(repeating: 0, count: stride)
      switch self {
      case .crossEntropy(let smoothing):
        total += crossEntropy(row, target, Double(smoothing), batch, out)
      case .binaryCrossEntropy:
        total += binaryCrossEntropy(row, target, batch, out)
      }
    }
    return Float(total / Double(batch))
  }

  /// −Σ t log softmax(x), with t = (1 − ε) target + ε / labels.
  private func crossEntropy(
    _ logits: UnsafeBufferPointer<Float>, _ target: Slice<UnsafeBufferPointer<Float>>, _ smoothing: Double,
    _ batch: Int, _ gradient: UnsafeMutablePointer<Float>
  ) -> Double {
    let top = Double(logits.max() ?? 0)
    let logSum = top + log(logits.reduce(0) { $0 + exp(Double($1) - top) })
    var loss = 0.0
    for (label, value) in target.enumerated() {
      let wanted = (1 - smoothing) * Double(value) + smoothing / Double(logits.count)
      let logProbability = Double(logits[label]) - logSum
      loss -= wanted * logProbability
      gradient[label] = Float((exp(logProbability) - wanted) / Double(batch))
    }
    return loss
  }

  /// Mean over labels of max(x, 0) − x t + log(1 + exp(−|x|)).
  private func binaryCrossEntropy(
    _ logits: UnsafeBufferPointer<Float>, _ target: Slice<UnsafeBufferPointer<Float>>, _ batch: Int,
    _ gradient: UnsafeMutablePointer<Float>
  ) -> Double {
    let count = Double(logits.count)
    var loss = 0.0
    for (label, value) in target.enumerated() {
      let (x, t) = (Double(logits[label]), Double(value))
      loss += max(x, 0) - x * t + log1p(exp(-abs(x)))
      gradient[label] = Float((1 / (1 + exp(-x)) - t) / (count * Double(batch)))
    }
    return loss / count
  }
}
