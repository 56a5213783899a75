import MtagGraph

/// How a convolution is done.
enum ConvolutionWay {
  /// As matrix products over patches, or channel by channel.
  case patches
  /// By Winograd's tiles of 6×6 pixels: 3×3 kernels, in inference 5×5 ones too.
  case winograd
  /// By Winograd's tiles of six frames: kernels of three frames, in inference.
  case rowWinograd

  /// Multiply-accumulates of a core in the time of one byte from memory.
  private static let productsPerByte = 8.0

  /// In training Winograd's way wherever its gradients are known. In inference whichever must compute and read less: Winograd's tiles
  /// multiply a fraction as often, but their filters have more values, which a small picture with many channels waits for; and one
  /// channel fills a sixteenth of their registers.
  init(_ layer: Layer, _ attributes: Operation.Convolution, isTraining: Bool) {
    self = .patches
    if isTraining {
      if attributes.isWinograd { self = .winograd }
      return
    }
    guard layer.input.channels > 4 else { return }
    func cost(rows: Int, matrices: Int) -> Double {
      let weights = Double(
        matrices * Tensor.padded(layer.input.channels) * Tensor.padded(layer.output.channels))
      // Rows are multiplied in tiles of four at least.
      return max(weights * Double((rows + 3) / 4 * 4), weights * 4 * Self.productsPerByte)
    }
    let (bands, frames) = (layer.output.bands, layer.output.frames)
    let direct = cost(rows: bands * frames, matrices: attributes.kernel.bands * attributes.kernel.frames)
    // The transforms take about a fifth beside the products.
    if attributes.isWinograd || attributes.isLargeWinograd {
      let size = 7 - attributes.kernel.bands
      let tiles = ((bands + size - 1) / size) * ((frames + size - 1) / size)
      if 1.2 * cost(rows: (tiles + 11) / 12 * 12, matrices: 36) < direct { self = .winograd }
    } else if attributes.isRowWinograd {
      let tiles = bands * ((frames + 3) / 4)
      if 1.2 * cost(rows: (tiles + 11) / 12 * 12, matrices: 6) < direct { self = .rowWinograd }
    }
  }
}

extension Operation.Convolution {
  /// A 3×3 convolution that keeps the size.
  var isWinograd: Bool { isPlain && kernel == .init(3, 3) && padding == .init(1, 1) }
  /// A 5×5 convolution that keeps the size.
  fileprivate var isLargeWinograd: Bool { isPlain && kernel == .init(5, 5) && padding == .init(2, 2) }
  /// A 1×3 convolution that keeps the size.
  fileprivate var isRowWinograd: Bool { isPlain && kernel == .init(1, 3) && padding == .init(0, 1) }

  private var isPlain: Bool {
    stride == .init(1, 1) && extraPadding == .init(0, 0) && dilation == .init(1, 1) && groups == 1
  }

  /// How many times fewer multiplications a way takes than the plain loops: Winograd's F(4×4, 3×3) does 36 for 144, F(2×2, 5×5) 36
  /// for 100, F(4, 3) 6 for 12.
  func saving(_ way: ConvolutionWay) -> Double {
    switch way {
    case .patches: 1
    case .winograd: kernel.bands == 3 ? 4 : 100.0 / 36
    case .rowWinograd: 2
    }
  }
}
