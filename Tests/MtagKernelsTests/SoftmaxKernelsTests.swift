import Foundation
import MtagCore
import MtagKernelTypes
import MtagKernels
import Testing

/// Softmax along each axis of `[batch, bands, frames, channels]` against plain loops.
@Suite struct SoftmaxKernelsTests {
  static let shapes = [[2, 3, 5, 20], [1, 1, 40, 16], [2, 7, 1, 33], [1, 2, 3, 1]]

  @Test("values and gradients", arguments: Kernels.available, shapes)
  func matchesPlainLoops(_ level: String, _ shape: [Int]) throws {
    let kernels = try Kernels.table(level: level).pointwise
    var random = RandomGenerator(seed: 6)
    let channels = shape[3]
    let stride = (channels + 15) / 16 * 16
    let count = shape[0] * shape[1] * shape[2] * stride
    func noise() -> [Float] { (0..<count).map { $0 % stride < channels ? random.uniform(-9, 9) : 0 } }
    let (x, dy) = (GuardedBuffer(noise()), GuardedBuffer(noise()))
    for axis in 1...3 {
      let step = axis == 3 ? 1 : axis == 2 ? stride : shape[2] * stride
      var expected = [Double](repeating: 0, count: count)
      var slopes = expected
      for start in 0..<count where start % stride < channels {
        guard axis == 3 ? start % stride == 0 : start / step % shape[axis] == 0 else { continue }
        let places = (0..<shape[axis]).map { start + $0 * step }
        let sum = places.reduce(0) { $0 + exp(Double(x.values[$1])) }
        for place in places { expected[place] = exp(Double(x.values[place])) / sum }
        let dot = places.reduce(0) { $0 + expected[$1] * Double(dy.values[$1]) }
        for place in places { slopes[place] = expected[place] * (Double(dy.values[place]) - dot) }
      }
      for (gradient, wanted) in [(nil, expected), (dy, slopes)] as [(GuardedBuffer?, [Double])] {
        let y = GuardedBuffer(repeating: .nan, count: count)
        let width = axis == 3 || axis == 2 ? stride : shape[2] * stride
        let runStep = axis == 3 ? stride : shape[axis] * step
        let run = SoftmaxRun(
          length: shape[axis], step: step, width: width, runStep: runStep, channels: channels, stride: stride,
          source: x.pointer, gradient: gradient.map { UnsafePointer($0.pointer) }, target: y.pointer)
        let items = axis == 3 ? count / stride : count / runStep * (width / 16)
        kernels.softmax(run, 0, items / 2)
        kernels.softmax(run, items / 2, items - items / 2)
        let worst = zip(y.values, wanted).map { $0.isNaN ? .infinity : abs(Double($0) - $1) }.max() ?? 0
        #expect(worst <= 3e-6, "axis \(axis)")
        #expect(y.isIntact)
      }
    }
  }
}
