/// Arguments of the recurrent loops: one direction of one layer.
///
/// Sequences stand with time outermost: row `frame * batch + item`. `width` is the state's width rounded up to 16; lanes past the
/// state hold zeros.
public struct RecurrentRun {
  /// Frames of every sequence.
  public let frames: Int
  /// Sequences.
  public let batch: Int
  /// Width of the state.
  public let hidden: Int
  /// The same rounded up to 16.
  public let width: Int
  /// Whether it runs from the last frame to the first.
  public let isReversed: Bool
  /// `[frames · batch, 4 · width]`. GRU: n, r, z, and the state's share of n; LSTM: i, f, g, o. Before forward it holds the
  /// input's share, all biases of the input's weights included (LSTM: those of the state's weights, too); after it the gates'
  /// values; after backward the gradients of what went into the gates.
  public let gates: UnsafeMutablePointer<Float>
  /// `[frames · batch, stateStride]`: the states, of which this direction's `width` columns start here.
  public let states: UnsafeMutablePointer<Float>
  /// The gradients of the states, as outputs of the layer.
  public let stateGradients: UnsafePointer<Float>
  /// Floats from one row of the states to the next.
  public let stateStride: Int
  /// LSTM: `[frames · batch, width]`, the cells.
  public let cells: UnsafeMutablePointer<Float>
  /// Forward: `[hidden, gates · width]`, the state's weights; GRU's gates r, z, n.
  public let weights: UnsafePointer<Float>
  /// Backward: the same transposed, `[gates · width, width]`.
  public let turnedWeights: UnsafePointer<Float>
  /// GRU: `[3 · width]`, the state's biases for r, z, n.
  public let bias: UnsafePointer<Float>
  /// `scratchCount(width:)` floats of this worker.
  public let scratch: UnsafeMutablePointer<Float>

  /// Floats of scratch memory for one worker.
  @inlinable public static func scratchCount(width: Int) -> Int { 5 * width * SequenceKernels.recurrentRows }

  /// Collects the arguments.
  public init(
    frames: Int, batch: Int, hidden: Int, width: Int, isReversed: Bool, gates: UnsafeMutablePointer<Float>,
    states: UnsafeMutablePointer<Float>, stateGradients: UnsafePointer<Float>, stateStride: Int,
    cells: UnsafeMutablePointer<Float>, weights: UnsafePointer<Float>, turnedWeights: UnsafePointer<Float>,
    bias: UnsafePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    self.frames = frames
    self.batch = batch
    self.hidden = hidden
    self.width = width
    self.isReversed = isReversed
    self.gates = gates
    self.states = states
    self.stateGradients = stateGradients
    self.stateStride = stateStride
    self.cells = cells
    self.weights = weights
    self.turnedWeights = turnedWeights
    self.bias = bias
    self.scratch = scratch
  }
}
