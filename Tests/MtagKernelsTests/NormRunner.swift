import MtagKernelTypes

/// Runs the norm kernels of one level in two pieces, in guarded, unaligned memory.
struct NormRunner {
  let naive: NaiveNorm
  private let kernels: NormKernels
  private let y: GuardedBuffer
  private let yGradient: GuardedBuffer
  private let z: GuardedBuffer
  private let vectors: [GuardedBuffer]
  private let scratch: GuardedBuffer

  init(_ naive: NaiveNorm, _ kernels: NormKernels) {
    self.naive = naive
    self.kernels = kernels
    y = GuardedBuffer(naive.y)
    yGradient = GuardedBuffer(repeating: .nan, count: naive.y.count)
    z = GuardedBuffer(naive.gradient)
    vectors = [
      naive.scale, naive.shift, naive.inverseDeviation, naive.meanOverDeviation, naive.meanGradient,
      naive.meanProduct,
    ].map { GuardedBuffer($0) }
    scratch = GuardedBuffer(repeating: .nan, count: 2 * naive.shape.channels)
  }

  /// Whether nothing was written outside of the memory given.
  var isIntact: Bool { ([y, yGradient, z, scratch] + vectors).allSatisfy { $0.isIntact } }

  func forward() -> [Float] {
    let out = GuardedBuffer(repeating: .nan, count: naive.gradient.count)
    var nothing: [Double] = []
    inPieces { kernels.forward(run(out.pointer, y, &nothing, streams: false), $0, $1) }
    return out.values
  }

  func forward(streamingInto out: UnsafeMutablePointer<Float>) {
    var nothing: [Double] = []
    inPieces { kernels.forward(run(out, y, &nothing, streams: true), $0, $1) }
  }

  func backwardSums() -> [Double] {
    var sums = [Double](repeating: 0, count: 2 * naive.shape.channels)
    sums.withUnsafeMutableBufferPointer { sums in
      guard let base = sums.baseAddress else { return }
      inPieces { kernels.backwardSums(run(z.pointer, y, base, streams: false), $0, $1) }
    }
    return sums
  }

  func backwardApply(isInPlace: Bool) -> [Float] {
    var nothing: [Double] = []
    let target = isInPlace ? y : yGradient
    inPieces { kernels.backwardApply(run(z.pointer, target, &nothing, streams: false), $0, $1) }
    return target.values
  }

  private func inPieces(_ body: (_ first: Int, _ count: Int) -> Void) {
    let rows = naive.batch * naive.shape.outputBands
    body(0, rows / 3)
    body(rows / 3, rows - rows / 3)
  }

  private func run(
    _ z: UnsafeMutablePointer<Float>, _ yGradient: GuardedBuffer, _ sums: UnsafeMutablePointer<Double>,
    streams: Bool
  ) -> NormRun {
    NormRun(
      shape: naive.shape, y: y.pointer, yGradient: yGradient.pointer, z: z, scale: vectors[0].pointer,
      shift: vectors[1].pointer, inverseDeviation: vectors[2].pointer, meanOverDeviation: vectors[3].pointer,
      meanGradient: vectors[4].pointer, meanProduct: vectors[5].pointer, sums: sums, scratch: scratch.pointer,
      streams: streams)
  }
}
