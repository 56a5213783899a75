import MtagCore
import MtagKernelTypes
import MtagKernels
import Testing

/// Sums and products of operands that are repeated along any axes, and the gradients, against plain loops.
@Suite struct CombineKernelsTests {
  /// `[batch, bands, frames, channels]` in memory of `stride` floats a pixel.
  struct Operand {
    let shape: [Int]
    let stride: Int
    let memory: GuardedBuffer

    init(_ shape: [Int], random: inout RandomGenerator) {
      self.shape = shape
      stride = (shape[3] + 15) / 16 * 16
      let pixels = shape[0] * shape[1] * shape[2]
      memory = GuardedBuffer(
        (0..<(pixels * stride)).map { [stride] in
          $0 % stride < shape[3] ? random.uniform(-1, 1) : 0
        })
    }

    /// The place of an output's value, where axes of one are repeated.
    func place(_ index: [Int]) -> Int {
      let own = zip(index, shape).map { $1 == 1 ? 0 : $0 }
      return ((own[0] * shape[1] + own[1]) * shape[2] + own[2]) * stride + own[3]
    }

    func operand(output: [Int]) -> BroadcastOperand {
      BroadcastOperand(
        values: memory.pointer, imageStep: shape[1] * shape[2] * stride,
        bandStep: shape[1] == 1 ? 0 : shape[2] * stride, frameStep: shape[2] == 1 ? 0 : stride,
        isScalar: shape[3] == 1 && output[3] > 1)
    }
  }

  static let outputs = [[2, 3, 5, 20], [1, 1, 9, 32], [2, 2, 6, 1], [2, 4, 1, 300]]
  static let patterns = 0..<8

  static func shape(_ output: [Int], _ pattern: Int) -> [Int] {
    [output[0]] + (0..<3).map { pattern >> $0 & 1 == 1 ? 1 : output[$0 + 1] }
  }

  static func indices(_ shape: [Int]) -> [[Int]] {
    (0..<shape.reduce(1, *)).map {
      [
        $0 / (shape[1] * shape[2] * shape[3]), $0 / (shape[2] * shape[3]) % shape[1],
        $0 / shape[3] % shape[2], $0 % shape[3],
      ]
    }
  }

  @Test("sums and products", arguments: Kernels.available, patterns)
  func combines(_ level: String, _ pattern: Int) throws {
    let kernels = try Kernels.table(level: level).pointwise
    var random = RandomGenerator(seed: 3)
    for shape in Self.outputs {
      for other in Self.patterns {
        let a = Operand(Self.shape(shape, pattern), random: &random)
        let b = Operand(Self.shape(shape, other), random: &random)
        let target = Operand(shape, random: &random)
        let pixels = shape[0] * shape[1] * shape[2]
        for (multiplies, function) in [(true, nil), (false, nil), (false, .relu), (true, .sigmoid)]
          as [(Bool, ActivationFunction?)]
        {
          target.memory.pointer.update(repeating: .nan, count: target.memory.count)
          let run = CombineRun(
            multiplies: multiplies, a: a.operand(output: shape), b: b.operand(output: shape),
            target: target.memory.pointer, bands: shape[1], frames: shape[2], channels: shape[3],
            stride: target.stride, activation: function)
          kernels.combine(run, 0, pixels / 3)
          kernels.combine(run, pixels / 3, pixels - pixels / 3)
          let found = target.memory.values
          for index in Self.indices(shape) {
            let (x, y) = (a.memory.values[a.place(index)], b.memory.values[b.place(index)])
            var expected = Double(multiplies ? x * y : x + y)
            if let function { expected = ActivationKernelsTests.reference(function, expected).value }
            #expect(abs(Double(found[target.place(index)]) - expected) <= 1e-6)
          }
          #expect(found.indices.allSatisfy { $0 % target.stride < shape[3] || found[$0] == 0 }, "padding")
          #expect(target.memory.isIntact)
        }
      }
    }
  }

  @Test("gradients are summed where an operand was repeated", arguments: Kernels.available, patterns)
  func sums(_ level: String, _ pattern: Int) throws {
    let kernels = try Kernels.table(level: level).pointwise
    var random = RandomGenerator(seed: 4)
    for shape in Self.outputs {
      for other in Self.patterns {
        let target = Operand(Self.shape(shape, pattern), random: &random)
        let factor = Operand(Self.shape(shape, other), random: &random)
        let gradient = Operand(shape, random: &random)
        for isProduct in [false, true] {
          var expected = [Double](repeating: 0, count: target.memory.count)
          for index in Self.indices(shape) {
            let g = Double(gradient.memory.values[gradient.place(index)])
            expected[target.place(index)] +=
              isProduct ? g * Double(factor.memory.values[factor.place(index)]) : g
          }
          target.memory.pointer.update(repeating: .nan, count: target.memory.count)
          for image in 0..<shape[0] {
            for band in 0..<shape[1] {
              let operand = factor.operand(output: shape)
              let row = BroadcastOperand(
                values: operand.values + image * operand.imageStep + band * operand.bandStep, imageStep: 0,
                bandStep: 0, frameStep: operand.frameStep, isScalar: operand.isScalar)
              kernels.addProducts(
                ProductRow(
                  target: target.memory.pointer + target.place([image, band, 0, 0]),
                  targetStride: target.stride,
                  gradient: gradient.memory.pointer + gradient.place([image, band, 0, 0]),
                  factor: isProduct ? row : nil, frames: shape[2], channels: shape[3],
                  stride: gradient.stride,
                  sumsFrames: target.shape[2] == 1, sumsChannels: target.shape[3] == 1,
                  accumulates: band > 0 && target.shape[1] == 1))
            }
          }
          #expect(zip(target.memory.values, expected).allSatisfy { abs(Double($0) - $1) <= 1e-5 })
          #expect(target.memory.isIntact)
        }
      }
    }
  }
}
