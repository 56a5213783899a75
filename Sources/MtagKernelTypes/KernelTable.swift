/// The hot loops of one instruction-set level, as function values. Everything above calls the loops through this table.
public struct KernelTable: Sendable {
  /// `v4`, `v3` or `base`: what `MTAG_KERNELS` accepts.
  public let level: String
  /// Loops of the feature extractors.
  public let features: FeatureKernels
  /// Loops of the extractors other than mel.
  public let extractors: ExtractorKernels
  /// Loops of the constant-Q transforms.
  public let constantQ: ConstantQKernels
  /// 3×3 convolution and its gradients.
  public let winograd: WinogradKernels
  /// Convolution of three taps along rows.
  public let rowWinograd: RowWinogradKernels
  /// Batch norm, activation and pool.
  public let norm: NormKernels
  /// The first block of a spectrogram network.
  public let firstBlock: FirstBlockKernels
  /// Convolutions of any kernel and their gradients.
  public let convolution: ConvolutionKernels
  /// Convolutions of each channel by itself, and their gradients.
  public let depthwise: DepthwiseKernels
  /// Activations, sums and products of values.
  public let pointwise: PointwiseKernels
  /// Pools of every kind.
  public let pool: PoolKernels
  /// Loops over pixels and sequences.
  public let sequences: SequenceKernels
  /// Attention between frames.
  public let attention: AttentionKernels
  /// The heart of all matrix products.
  public let tile: RegisterTile

  /// Makes a table.
  public init(
    level: String, features: FeatureKernels, extractors: ExtractorKernels, constantQ: ConstantQKernels,
    winograd: WinogradKernels, rowWinograd: RowWinogradKernels, norm: NormKernels,
    firstBlock: FirstBlockKernels,
    convolution: ConvolutionKernels,
    depthwise: DepthwiseKernels, pointwise: PointwiseKernels, pool: PoolKernels,
    sequences: SequenceKernels, attention: AttentionKernels,
    tile: RegisterTile
  ) {
    self.level = level
    self.features = features
    self.extractors = extractors
    self.constantQ = constantQ
    self.winograd = winograd
    self.rowWinograd = rowWinograd
    self.norm = norm
    self.firstBlock = firstBlock
    self.convolution = convolution
    self.depthwise = depthwise
    self.pointwise = pointwise
    self.pool = pool
    self.sequences = sequences
    self.attention = attention
    self.tile = tile
  }
}
