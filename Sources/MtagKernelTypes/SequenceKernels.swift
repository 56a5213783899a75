/// Loops over pixels and sequences. Strides and padded counts are multiples of 16 floats; what stands past the last channel is zero
/// in what is read and in what is written.
public struct SequenceKernels: Sendable {
  /// exp(scale · x) over its sum, in place, for the first `count` values of each row; the rest of a row becomes zero.
  public let softmax: Softmax
  /// The gradient of `softmax`'s input, written over that of its output: scale · p · (g − Σ p g).
  public let softmaxGradient: SoftmaxGradient
  /// Normalises pixels `first ..< first + count`.
  public let layerNorm: @Sendable (LayerNormRun, _ first: Int, _ count: Int) -> Void
  /// Writes the gradient of those pixels, and adds to the sums of the gradients of bias and weight.
  public let layerNormBackward: @Sendable (LayerNormRun, _ first: Int, _ count: Int) -> Void
  /// Adds the sums over rows of each of `columns` columns, a multiple of 16, to as many doubles.
  public let columnSums: ColumnSums
  /// All frames of the GRU of some rows.
  public let gru: @Sendable (RecurrentRun, _ first: Int, _ count: Int) -> Void
  /// Its gradients: gates become the gradients of what went into them.
  public let gruBackward: @Sendable (RecurrentRun, _ first: Int, _ count: Int) -> Void
  /// All frames of the LSTM of some rows.
  public let lstm: @Sendable (RecurrentRun, _ first: Int, _ count: Int) -> Void
  /// Its gradients, as for the GRU.
  public let lstmBackward: @Sendable (RecurrentRun, _ first: Int, _ count: Int) -> Void
  /// out[i] = Σ weights[row] · x[row · rowStride + i] for `columns` columns, any number.
  public let weightedRows: WeightedRows
  /// out[i] += weight · x[i · xStride], any number.
  public let addScaled: AddScaled

  /// (values, rowStride, count, rows, scale)
  public typealias Softmax = @Sendable (UnsafeMutablePointer<Float>, Int, Int, Int, Float) -> Void
  /// (gradients, probabilities, rowStride, count, rows, scale)
  public typealias SoftmaxGradient =
    @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int, Int, Int, Float) -> Void
  /// (sums, x, rowStride, columns, first, count)
  public typealias ColumnSums =
    @Sendable (UnsafeMutablePointer<Double>, UnsafePointer<Float>, Int, Int, Int, Int) -> Void
  /// (out, x, rowStride, weights, rows, columns)
  public typealias WeightedRows =
    @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int, UnsafePointer<Float>, Int, Int) -> Void
  /// (out, outStride, x, xStride, weight, count)
  public typealias AddScaled =
    @Sendable (UnsafeMutablePointer<Float>, Int, UnsafePointer<Float>, Int, Float, Int) -> Void

  /// Rows that the recurrent loops work on together.
  @inlinable public static var recurrentRows: Int { 4 }

  /// Collects the loops of one level.
  public init(
    softmax: @escaping Softmax, softmaxGradient: @escaping SoftmaxGradient,
    layerNorm: @escaping @Sendable (LayerNormRun, Int, Int) -> Void,
    layerNormBackward: @escaping @Sendable (LayerNormRun, Int, Int) -> Void,
    columnSums: @escaping ColumnSums,
    gru: @escaping @Sendable (RecurrentRun, Int, Int) -> Void,
    gruBackward: @escaping @Sendable (RecurrentRun, Int, Int) -> Void,
    lstm: @escaping @Sendable (RecurrentRun, Int, Int) -> Void,
    lstmBackward: @escaping @Sendable (RecurrentRun, Int, Int) -> Void,
    weightedRows: @escaping WeightedRows, addScaled: @escaping AddScaled
  ) {
    self.softmax = softmax
    self.softmaxGradient = softmaxGradient
    self.layerNorm = layerNorm
    self.layerNormBackward = layerNormBackward
    self.columnSums = columnSums
    self.gru = gru
    self.gruBackward = gruBackward
    self.lstm = lstm
    self.lstmBackward = lstmBackward
    self.weightedRows = weightedRows
    self.addScaled = addScaled
  }
}
