import Foundation
import MtagCore
import MtagKernelTypes
import MtagKernels
import Testing

/// How far Winograd's convolution and gradients are from sums in double precision, at the numbers of channels that networks
/// have. The figures stand with `WinogradKernels`.
@Suite struct WinogradErrorTests {
  /// In units of the exact result's root mean square.
  static let bound = 2e-5

  enum Initialisation: CaseIterable {
    /// Normal numbers of variance 1 / fan-in.
    case normal
    /// PyTorch's default: uniform in ±1 / √fan-in.
    case uniform
  }

  @Test(
    "summed over many channels, forward and the input's gradient keep the bound",
    arguments: Kernels.available,
    [16, 64, 256, 512, 1024])
  func channels(_ level: String, _ channels: Int) throws {
    for initialisation in Initialisation.allCases {
      let shape = WinogradShape(batch: 1, bands: 9, frames: 14, inputChannels: channels, outputChannels: 16)
      var naive = NaiveConvolution(shape, seed: 1)
      var random = RandomGenerator(seed: 5)
      let deviation = 1 / Float(9 * channels).squareRoot()
      for i in naive.x.indices { naive.x[i] = Self.normal(&random) }
      for i in naive.weights.indices {
        naive.weights[i] =
          initialisation == .normal
          ? deviation * Self.normal(&random) : random.uniform(-deviation, deviation)
      }
      let runner = WinogradRunner(kernels: try Kernels.table(level: level).winograd, shape: shape)
      let forward = runner.forward(naive.x, weights: naive.weights).y
      #expect(relativeError(forward, naive.forward()) <= Self.bound, "forward, \(initialisation)")

      var turned = NaiveConvolution(shape.transposed, seed: 1)
      turned.weights = naive.weights
      let back = WinogradRunner(kernels: runner.kernels, shape: shape.transposed)
      let gradient = back.inputGradient(naive.x, weights: turned.weights)
      #expect(
        relativeError(gradient, turned.inputGradient(naive.x)) <= Self.bound, "gradient, \(initialisation)")
    }
  }

  @Test("summed over many tiles, the weights' gradient keeps the bound", arguments: Kernels.available)
  func tiles(_ level: String) throws {
    let shape = WinogradShape(batch: 2, bands: 61, frames: 131, inputChannels: 16, outputChannels: 16)
    var naive = NaiveConvolution(shape, seed: 1)
    var random = RandomGenerator(seed: 6)
    for i in naive.x.indices { naive.x[i] = Self.normal(&random) }
    let gradient = naive.x.map { _ in Self.normal(&random) }
    let runner = WinogradRunner(kernels: try Kernels.table(level: level).winograd, shape: shape)
    let found = runner.weightGradient(naive.x, gradient)
    #expect(relativeError(found, naive.weightGradient(gradient)) <= Self.bound)
  }

  /// Box and Muller's.
  private static func normal(_ random: inout RandomGenerator) -> Float {
    let radius = (-2 * log(1 - Double(random.uniform()))).squareRoot()
    return Float(radius * cos(2 * .pi * Double(random.uniform())))
  }
}
