import MtagCore
import MtagGraph
import MtagKernelTypes

/// One direction of one recurrent layer. Rows of all matrices are `frame * batch + item`.
final class RecurrentCell {
  private let kind: Operation.Recurrent.Kind
  private let frames: Int
  private let batch: Int
  private let isReversed: Bool
  private let weights: RecurrentWeights
  private let blas: BLAS
  /// `[rows, 4 · width]`, see `RecurrentRun.gates`.
  private let gates: AlignedBuffer
  /// LSTM: `[rows, width]`.
  private let cells: AlignedBuffer
  private let inputGradient: AlignedBuffer
  private let stateGradient: AlignedBuffer
  private let sums: ColumnSums?
  private var isPacked = false

  init(
    _ kind: Operation.Recurrent.Kind, frames: Int, batch: Int, isReversed: Bool, weights: RecurrentWeights,
    isTrained: Bool, blas: BLAS
  ) {
    self.kind = kind
    self.frames = frames
    self.batch = batch
    self.isReversed = isReversed
    self.weights = weights
    self.blas = blas
    let rows = frames * batch
    gates = AlignedBuffer(count: rows * 4 * weights.width)
    cells = AlignedBuffer(count: kind == .lstm ? rows * weights.width : 0)
    let packed = isTrained ? weights.gates * weights.width : 0
    inputGradient = AlignedBuffer(count: packed * weights.inputStride)
    stateGradient = AlignedBuffer(count: packed * weights.width)
    sums = isTrained ? ColumnSums(columns: 4 * weights.width, rows: rows) : nil
  }

  private var rows: Int { frames * batch }
  private var width: Int { weights.width }
  /// Floats of the gates of one row.
  private var gateStride: Int { 4 * width }
  /// Pieces that the loops over frames can be cut into.
  var pieces: Int { (batch + SequenceKernels.recurrentRows - 1) / SequenceKernels.recurrentRows }

  /// Writes the input's share of the gates of all frames: one product.
  func addInputs(_ inputs: UnsafePointer<Float>, _ context: StepContext) {
    if context.parametersChanged || !isPacked { weights.pack() }
    isPacked = true
    let count = weights.gates * width
    context.forPieces(rows, limit: 64, grain: 16) { _, range, _ in
      for row in range {
        (gates.pointer + row * gateStride).update(from: weights.packedBias.pointer, count: count)
      }
    }
    blas.run(
      MatrixProduct(
        rows: rows, columns: count, depth: weights.inputStride,
        a: .init(inputs, stride: weights.inputStride),
        b: .init(weights.packedInput.pointer, stride: weights.inputStride, isTransposed: true),
        c: gates.pointer, cStride: gateStride, accumulates: true),
      on: context.executor)
  }

  /// Runs all frames of some of the sequences.
  func forward(
    piece: Int, states: UnsafeMutablePointer<Float>, stateStride: Int, scratch: UnsafeMutablePointer<Float>,
    _ kernels: SequenceKernels
  ) {
    let run = run(states: states, stateGradients: states, stateStride: stateStride, scratch: scratch)
    let range = range(piece)
    (kind == .gru ? kernels.gru : kernels.lstm)(run, range.lowerBound, range.count)
  }

  /// Runs all frames backwards: the gates become the gradients of what went into them.
  func backward(
    piece: Int, states: UnsafeMutablePointer<Float>, stateGradients: UnsafePointer<Float>, stateStride: Int,
    scratch: UnsafeMutablePointer<Float>, _ kernels: SequenceKernels
  ) {
    let run = run(
      states: states, stateGradients: stateGradients, stateStride: stateStride, scratch: scratch)
    let range = range(piece)
    (kind == .gru ? kernels.gruBackward : kernels.lstmBackward)(run, range.lowerBound, range.count)
  }

  /// After `backward` of all pieces: the gradients of all weights.
  func computeGradients(
    inputs: UnsafePointer<Float>, states: UnsafePointer<Float>, stateStride: Int, _ context: StepContext
  ) {
    let count = weights.gates * width
    blas.run(
      MatrixProduct(
        rows: count, columns: weights.inputStride, depth: rows,
        a: .init(gates.pointer, stride: gateStride, isTransposed: true),
        b: .init(inputs, stride: weights.inputStride), c: inputGradient.pointer,
        cStride: weights.inputStride),
      on: context.executor)
    computeStateGradient(states, stateStride, context)
    guard let sums else { return }
    weights.unpack(
      inputGradient: inputGradient.pointer, stateGradient: stateGradient.pointer,
      sums: sums.sums(of: gates.pointer, stride: gateStride, context))
  }

  /// Every frame but the first saw the state of the frame before it.
  private func computeStateGradient(
    _ states: UnsafePointer<Float>, _ stateStride: Int, _ context: StepContext
  ) {
    guard frames > 1 else {
      stateGradient.pointer.update(repeating: 0, count: stateGradient.count)
      return
    }
    let stateGates = gates.pointer + (kind == .gru ? width : 0)
    blas.run(
      MatrixProduct(
        rows: weights.gates * width, columns: width, depth: rows - batch,
        a: .init(stateGates + (isReversed ? 0 : batch * gateStride), stride: gateStride, isTransposed: true),
        b: .init(states + (isReversed ? batch * stateStride : 0), stride: stateStride),
        c: stateGradient.pointer, cStride: width),
      on: context.executor)
  }

  /// The gradient of the inputs, written or added.
  func addInputGradient(
    to target: UnsafeMutablePointer<Float>, accumulates: Bool, _ context: StepContext
  ) {
    blas.run(
      MatrixProduct(
        rows: rows, columns: weights.inputStride, depth: weights.gates * width,
        a: .init(gates.pointer, stride: gateStride),
        b: .init(weights.packedInput.pointer, stride: weights.inputStride), c: target,
        cStride: weights.inputStride, accumulates: accumulates),
      on: context.executor)
  }

  private func range(_ piece: Int) -> Range<Int> {
    let first = piece * SequenceKernels.recurrentRows
    return first..<min(first + SequenceKernels.recurrentRows, batch)
  }

  private func run(
    states: UnsafeMutablePointer<Float>, stateGradients: UnsafePointer<Float>, stateStride: Int,
    scratch: UnsafeMutablePointer<Float>
  ) -> RecurrentRun {
    RecurrentRun(
      frames: frames, batch: batch, hidden: weights.hidden, width: width, isReversed: isReversed,
      gates: gates.pointer, states: states, stateGradients: stateGradients, stateStride: stateStride,
      cells: cells.pointer, weights: weights.packedState.pointer, turnedWeights: weights.turnedState.pointer,
      bias: weights.packedBias.pointer + weights.gates * width, scratch: scratch)
  }
}
