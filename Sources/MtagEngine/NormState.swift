import MtagCore
import MtagGraph

/// The per-channel numbers of one batch norm: from statistics to the line `y * scale + shift`, and from gradient sums to
/// gradients. Vectors are padded with zeros, which keeps padded channels at zero.
final class NormState {
  let scale: AlignedBuffer
  let shift: AlignedBuffer
  let inverseDeviation: AlignedBuffer
  let meanOverDeviation: AlignedBuffer
  let meanGradient: AlignedBuffer
  let meanProduct: AlignedBuffer
  private let attributes: Operation.BatchNorm
  private let weight: ParameterMemory.Slot
  private let bias: ParameterMemory.Slot
  private let runningMean: ParameterMemory.Slot
  private let runningVariance: ParameterMemory.Slot

  init(node: String, attributes: Operation.BatchNorm, channelStride: Int, parameters: ParameterMemory) {
    self.attributes = attributes
    weight = parameters.slot("\(node).weight")
    bias = parameters.slot("\(node).bias")
    runningMean = parameters.slot("\(node).running_mean")
    runningVariance = parameters.slot("\(node).running_var")
    scale = AlignedBuffer(count: channelStride)
    shift = AlignedBuffer(count: channelStride)
    inverseDeviation = AlignedBuffer(count: channelStride)
    meanOverDeviation = AlignedBuffer(count: channelStride)
    meanGradient = AlignedBuffer(count: channelStride)
    meanProduct = AlignedBuffer(count: channelStride)
  }

  var channels: Int { weight.count }

  /// Takes the batch's mean and (biased) variance, and moves the running statistics towards them (unbiased variance, as PyTorch).
  func use(mean: (Int) -> Double, variance: (Int) -> Double, pixels: Int) {
    let momentum = attributes.momentum
    let unbiased = pixels > 1 ? Double(pixels) / Double(pixels - 1) : 1
    for channel in 0..<channels {
      let (mean, variance) = (mean(channel), max(variance(channel), 0))
      set(channel, mean: mean, variance: variance)
      runningMean.values[channel] += momentum * (Float(mean) - runningMean.values[channel])
      runningVariance.values[channel] +=
        momentum * (Float(variance * unbiased) - runningVariance.values[channel])
    }
  }

  /// The same from sums and sums of squares `[2, stride]` over `pixels` pixels.
  func useBatch(sums: UnsafePointer<Double>, stride: Int, pixels: Int) {
    let count = Double(pixels)
    use(
      mean: { sums[$0] / count },
      variance: { sums[stride + $0] / count - (sums[$0] / count) * (sums[$0] / count) }, pixels: pixels)
  }

  /// Takes the running statistics: eval mode.
  func useRunningStatistics() {
    for channel in 0..<channels {
      set(
        channel, mean: Double(runningMean.values[channel]), variance: Double(runningVariance.values[channel]))
    }
  }

  /// Gradients of weight and bias, and the means that the input's gradient needs, from the sums of g and of g times the
  /// normalised value, `[2, stride]`.
  func finishGradient(sums: UnsafePointer<Double>, stride: Int, pixels: Int) {
    for channel in 0..<channels {
      bias.gradients[channel] = Float(sums[channel])
      weight.gradients[channel] = Float(sums[stride + channel])
      meanGradient.pointer[channel] = Float(sums[channel] / Double(pixels))
      meanProduct.pointer[channel] = Float(sums[stride + channel] / Double(pixels))
    }
  }

  private func set(_ channel: Int, mean: Double, variance: Double) {
    let inverse = 1 / (variance + Double(attributes.epsilon)).squareRoot()
    let slope = Double(weight.values[channel]) * inverse
    inverseDeviation.pointer[channel] = Float(inverse)
    meanOverDeviation.pointer[channel] = Float(mean * inverse)
    scale.pointer[channel] = Float(slope)
    shift.pointer[channel] = Float(Double(bias.values[channel]) - mean * slope)
  }
}
