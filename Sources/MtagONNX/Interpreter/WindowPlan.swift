/// Windows over one or two axes, of a convolution or a pool. One axis is taken as the second of two.
struct WindowPlan {
  /// Sizes of the result behind batch and channels.
  let output: [Int]
  private let input: (Int, Int)
  private let result: (Int, Int)
  private let kernel: (Int, Int)
  private let stride: (Int, Int)
  private let dilation: (Int, Int)
  private let before: (Int, Int)

  /// - Throws: `MtagError` (badData) if the node's sizes do not fit.
  init(_ call: InterpreterCall, input shape: [Int], kernel: [Int]) throws {
    let axes = shape.count - 2
    let node = call.node
    guard axes == 1 || axes == 2, kernel.count == axes, node.text("auto_pad") ?? "NOTSET" == "NOTSET",
      node.integer("ceil_mode") ?? 0 == 0
    else { throw call.fault("has windows of a form that the interpreter does not know") }
    let ones = [Int](repeating: 1, count: axes)
    let (strides, dilations) = (node.integers("strides") ?? ones, node.integers("dilations") ?? ones)
    let pads = node.integers("pads") ?? [Int](repeating: 0, count: 2 * axes)
    guard strides.count == axes, dilations.count == axes, pads.count == 2 * axes,
      (kernel + strides + dilations).allSatisfy({ (1...Self.largest).contains($0) }),
      pads.allSatisfy({ (0...Self.largest).contains($0) })
    else { throw call.fault("has windows that do not fit its axes") }
    output = try (0..<axes).map { axis in
      let room = shape[2 + axis] + pads[axis] + pads[axes + axis] - dilations[axis] * (kernel[axis] - 1) - 1
      guard room >= 0 else { throw call.fault("has nothing left of an input of \(shape)") }
      return room / strides[axis] + 1
    }
    func two(_ values: ArraySlice<Int>, _ neutral: Int) -> (Int, Int) {
      axes == 1
        ? (neutral, values[values.startIndex]) : (values[values.startIndex], values[values.startIndex + 1])
    }
    input = two(shape[2...], 1)
    result = two(output[...], 1)
    self.kernel = two(kernel[...], 1)
    stride = two(strides[...], 1)
    dilation = two(dilations[...], 1)
    before = two(pads[..<axes], 0)
  }

  /// Sizes beyond this are no network's.
  private static let largest = 1 << 20

  /// Values of one channel.
  var inputCount: Int { input.0 * input.1 }
  /// Results of one channel.
  var outputCount: Int { result.0 * result.1 }
  /// Taps of a window.
  var kernelCount: Int { kernel.0 * kernel.1 }

  /// Calls for every result and every tap of its window, with the place in the channel; nil where padding stands.
  @inline(__always)
  func forEach(_ body: (_ result: Int, _ tap: Int, _ source: Int?) -> Void) {
    for tap0 in 0..<kernel.0 {
      for tap1 in 0..<kernel.1 {
        let tap = tap0 * kernel.1 + tap1
        for place0 in 0..<result.0 {
          let source0 = place0 * stride.0 + tap0 * dilation.0 - before.0
          let isInside = source0 >= 0 && source0 < input.0
          for place1 in 0..<result.1 {
            let source1 = place1 * stride.1 + tap1 * dilation.1 - before.1
            let isThere = isInside && source1 >= 0 && source1 < input.1
            body(place0 * result.1 + place1, tap, isThere ? source0 * input.1 + source1 : nil)
          }
        }
      }
    }
  }
}
