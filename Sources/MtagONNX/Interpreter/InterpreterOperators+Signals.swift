import Foundation
import MtagCore

extension InterpreterOperators {
  /// What front ends use besides.
  static let signals: [String: Operation] = [
    "STFT": { [try shortTimeTransform($0)] },
    "TopK": { call in
      let x = try call.floats(0)
      let axis = try call.axis(call.node.integer("axis") ?? -1, rank: x.shape.count)
      let (size, step) = (x.shape[axis], x.shape[(axis + 1)...].reduce(1, *))
      guard let count = try call.integers(1).first, (0...size).contains(count) else {
        throw call.fault("takes more values than there are")
      }
      let isLargest = call.node.integer("largest") ?? 1 == 1
      var shape = x.shape
      shape[axis] = count
      return [
        try call.result(shape) { out in
          for outer in 0..<x.shape[..<axis].reduce(1, *) {
            for inner in 0..<step {
              let values = (0..<size).map { x.values[(outer * size + $0) * step + inner] }
              let sorted = isLargest ? values.sorted(by: >) : values.sorted()
              for index in 0..<count { out[(outer * count + index) * step + inner] = sorted[index] }
            }
          }
        }
      ]
    },
  ]

  // MARK: - Helpers

  /// By the definition, in double precision; 32 bits come back where 32 went in.
  private static func shortTimeTransform(_ call: InterpreterCall) throws -> InterpreterTensor {
    let signal = try call.tensor(0)
    let (samples, isSingle) = try doubles(signal, call)
    let (window, _) = try doubles(try call.tensor(2), call)
    guard let step = try call.integers(1).first, let length = try call.integers(3).first, step > 0,
      length > 0,
      signal.shape.count == 3, signal.shape[2] == 1, window.count == length, signal.shape[1] >= length,
      call.node.integer("onesided") ?? 1 == 1
    else { throw call.fault("has a form that the interpreter does not know") }
    let (batch, count) = (signal.shape[0], signal.shape[1])
    let (frames, bins) = ((count - length) / step + 1, length / 2 + 1)
    let shape = [batch, frames, bins, 2]
    var result = [Double](repeating: 0, count: try InterpreterTensor.count(of: shape, node: call.node))
    let circle = (0..<length).map { 2 * Double.pi * Double($0) / Double(length) }
    let (cosines, sines) = (circle.map { cos($0) }, circle.map { sin($0) })
    for item in 0..<batch {
      for frame in 0..<frames {
        let start = item * count + frame * step
        let values = (0..<length).map { window[$0] * samples[start + $0] }
        for bin in 0..<bins {
          var (real, imaginary, phase) = (0.0, 0.0, 0)
          for value in values {
            real += value * cosines[phase]
            imaginary -= value * sines[phase]
            phase += bin
            if phase >= length { phase -= length }
          }
          let place = ((item * frames + frame) * bins + bin) * 2
          (result[place], result[place + 1]) = (real, imaginary)
        }
      }
    }
    return InterpreterTensor(
      shape: shape, values: isSingle ? .single(result.map { Float($0) }) : .double(result))
  }

  private static func doubles(_ tensor: InterpreterTensor, _ call: InterpreterCall) throws
    -> (values: [Double], isSingle: Bool)
  {
    switch tensor.values {
    case .single(let values): (values.map { Double($0) }, true)
    case .double(let values): (values, false)
    default: throw call.fault("takes floats")
    }
  }
}
