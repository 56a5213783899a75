import MtagCore
import MtagGraph

/// The specification of a convolution and its gradients: plain loops in double precision, channels last.
struct NaiveLayer {
  let attributes: Operation.Convolution
  let input: TensorShape
  let output: TensorShape
  var x: [Float]
  var weights: [Float]
  var bias: [Float]
  var gradient: [Float]

  init(_ attributes: Operation.Convolution, input: TensorShape, seed: UInt64) {
    self.attributes = attributes
    self.input = input
    let reach = attributes.reach
    output = TensorShape(
      batch: input.batch,
      bands: (input.bands + 2 * attributes.padding.bands - reach.bands) / attributes.stride.bands + 1,
      frames: (input.frames + 2 * attributes.padding.frames - reach.frames) / attributes.stride.frames + 1,
      channels: attributes.channels)
    var random = RandomGenerator(seed: seed)
    func noise(_ count: Int) -> [Float] { (0..<count).map { _ in random.uniform(-1, 1) } }
    x = noise(input.count)
    let taps = attributes.kernel.bands * attributes.kernel.frames
    weights = noise(attributes.channels * (input.channels / attributes.groups) * taps)
    bias = attributes.hasBias ? noise(attributes.channels) : []
    gradient = noise(output.count)
  }

  var forward: [Double] {
    var y = (0..<output.count).map { bias.isEmpty ? 0 : Double(bias[$0 % output.channels]) }
    forProducts { y[$0] += Double(x[$1]) * Double(weights[$2]) }
    return y
  }

  var inputGradient: [Double] {
    var dx = [Double](repeating: 0, count: x.count)
    forProducts { dx[$1] += Double(gradient[$0]) * Double(weights[$2]) }
    return dx
  }

  /// Of the weights, and after them of the bias.
  var weightGradient: [Double] {
    var dw = [Double](repeating: 0, count: weights.count)
    forProducts { dw[$2] += Double(gradient[$0]) * Double(x[$1]) }
    var db = [Double](repeating: 0, count: bias.count)
    if !bias.isEmpty { for (i, value) in gradient.enumerated() { db[i % output.channels] += Double(value) } }
    return dw + db
  }

  /// Calls `body` with the places of every product's output, input and weight.
  private func forProducts(_ body: (_ output: Int, _ input: Int, _ weight: Int) -> Void) {
    let (kernel, stride) = (attributes.kernel, attributes.stride)
    let (padding, dilation) = (attributes.padding, attributes.dilation)
    let inputs = input.channels / attributes.groups
    let outputs = output.channels / attributes.groups
    for pixel in 0..<(output.batch * output.bands * output.frames) {
      let (row, frame) = (pixel / output.frames, pixel % output.frames)
      let (image, band) = (row / output.bands, row % output.bands)
      for i in 0..<kernel.bands {
        let sourceBand = band * stride.bands - padding.bands + i * dilation.bands
        guard sourceBand >= 0, sourceBand < input.bands else { continue }
        for j in 0..<kernel.frames {
          let sourceFrame = frame * stride.frames - padding.frames + j * dilation.frames
          guard sourceFrame >= 0, sourceFrame < input.frames else { continue }
          let source = (image * input.bands + sourceBand) * input.frames + sourceFrame
          for out in 0..<output.channels {
            for channel in 0..<inputs {
              body(
                pixel * output.channels + out, source * input.channels + out / outputs * inputs + channel,
                ((out * inputs + channel) * kernel.bands + i) * kernel.frames + j)
            }
          }
        }
      }
    }
  }
}

/// The largest difference, in units of the expected values' root mean square.
func relativeError(_ found: [Float], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  let square = expected.reduce(0) { $0 + $1 * $1 } / Double(max(expected.count, 1))
  let largest = zip(found, expected).map { $0.isNaN ? .infinity : abs(Double($0) - $1) }.max() ?? 0
  return square == 0 ? largest : largest / square.squareRoot()
}
