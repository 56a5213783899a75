import MtagCore
import MtagGraph
import MtagKernelTypes

/// GRU or LSTM layers along frames, with the formulas of PyTorch's `nn.GRU` and `nn.LSTM`, zero initial states:
/// `[batch, 1, frames, channels]` → `[batch, 1, frames, hidden · directions]`.
///
/// The input's products of all frames are one matrix product; then the frames follow each other, a few sequences at a time.
/// Inside, rows stand with time outermost, so that a frame's states of all sequences stand together.
final class RecurrentStep: Step {
  let tensors: StepTensors
  private let attributes: Operation.Recurrent
  /// By layer and direction.
  private let cells: [[RecurrentCell]]
  /// The input with time outermost, then each layer's states, `[rows, directions · width]`.
  private let values: [RowBuffer]
  /// The gradients of the same; those of the states of all layers share memory in turn.
  private let gradients: [RowBuffer]

  init(
    _ tensors: StepTensors, attributes: Operation.Recurrent, node: String, parameters: ParameterMemory,
    isTrained: Bool, blas: BLAS
  ) throws {
    self.tensors = tensors
    self.attributes = attributes
    let shape = tensors.input.shape
    let rows = shape.batch * shape.frames
    let width = Tensor.padded(attributes.hidden)
    let outputStride = attributes.directions * width
    let strides =
      [Tensor.padded(shape.channels)] + Array(repeating: outputStride, count: attributes.layers)
    try Self.requireMemory(attributes, rows: rows, strides: strides, isTrained: isTrained)
    values = strides.map { RowBuffer(rows: rows, stride: $0) }
    gradients = isTrained ? strides.map { RowBuffer(rows: rows, stride: $0) } : []
    cells = (0..<attributes.layers).map { layer in
      (0..<attributes.directions).map { direction in
        let weights = RecurrentWeights(
          attributes, node: node, layer: layer, isReversed: direction == 1,
          inputGroups: layer == 0
            ? (1, shape.channels, strides[0]) : (attributes.directions, attributes.hidden, width),
          parameters: parameters)
        return RecurrentCell(
          attributes.kind, frames: shape.frames, batch: shape.batch, isReversed: direction == 1,
          weights: weights, isTrained: isTrained, blas: blas)
      }
    }
  }

  /// - Throws: `MtagError` (usage) if what it keeps of all frames needs more memory than there is.
  private static func requireMemory(
    _ attributes: Operation.Recurrent, rows: Int, strides: [Int], isTrained: Bool
  ) throws {
    let width = Double(Tensor.padded(attributes.hidden))
    let kept = Double(attributes.layers * attributes.directions) * 5 * width
    let floats = Double(rows) * (kept + (isTrained ? 2 : 1) * Double(strides.reduce(0, +)))
    try MachineMemory.require(
      floats: Int(min(floats, 1e18)), for: "recurrent layers over \(rows) frames in all",
      remedy: "use fewer frames (--crop) or smaller batches (--batch-size)")
  }

  private var width: Int { Tensor.padded(attributes.hidden) }
  var scratchCount: Int { RecurrentRun.scratchCount(width: width) }

  func forward(_ context: StepContext) {
    forPixels(context) { pixel, row in
      let source = input.pointer + pixel * input.channelStride
      values[0].row(row).update(from: source, count: input.shape.channels)
    }
    for layer in cells.indices {
      let states = values[layer + 1]
      for cell in cells[layer] { cell.addInputs(values[layer].pointer, context) }
      forCells(layer, context) { cell, direction, piece, scratch in
        cell.forward(
          piece: piece, states: states.pointer + direction * width, stateStride: states.stride,
          scratch: scratch, context.kernels.sequences)
      }
    }
    let last = values[cells.count]
    forPixels(context) { pixel, row in
      let target = output.pointer + pixel * output.channelStride
      for direction in 0..<attributes.directions {
        (target + direction * attributes.hidden).update(
          from: last.row(row) + direction * width, count: attributes.hidden)
      }
      (target + output.shape.channels).update(
        repeating: 0, count: output.channelStride - output.shape.channels)
    }
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    let last = gradients[cells.count]
    forPixels(context) { pixel, row in
      let source = outputGradient.pointer + pixel * outputGradient.channelStride
      for direction in 0..<attributes.directions {
        (last.row(row) + direction * width).update(
          from: source + direction * attributes.hidden, count: attributes.hidden)
      }
    }
    for layer in cells.indices.reversed() { backward(layer: layer, context) }
    guard let inputGradient else { return }
    forPixels(context) { pixel, row in
      let target = inputGradient.pointer + pixel * inputGradient.channelStride
      target.update(from: gradients[0].row(row), count: inputGradient.channelStride)
    }
  }

  private func backward(layer: Int, _ context: StepContext) {
    let (states, stateGradients) = (values[layer + 1], gradients[layer + 1])
    forCells(layer, context) { cell, direction, piece, scratch in
      cell.backward(
        piece: piece, states: states.pointer + direction * width,
        stateGradients: stateGradients.pointer + direction * width, stateStride: states.stride,
        scratch: scratch, context.kernels.sequences)
    }
    for (direction, cell) in cells[layer].enumerated() {
      cell.computeGradients(
        inputs: values[layer].pointer, states: states.pointer + direction * width, stateStride: states.stride,
        context)
      guard layer > 0 || inputGradient != nil else { continue }
      cell.addInputGradient(to: gradients[layer].pointer, accumulates: direction > 0, context)
    }
  }

  /// Calls `body` for every cell of a layer and every piece of its sequences.
  private func forCells(
    _ layer: Int, _ context: StepContext,
    _ body: (RecurrentCell, _ direction: Int, _ piece: Int, _ scratch: UnsafeMutablePointer<Float>) -> Void
  ) {
    let layerCells = cells[layer]
    let pieces = layerCells[0].pieces
    context.forPieces(pieces * layerCells.count, limit: 64) { _, range, worker in
      for index in range {
        body(layerCells[index / pieces], index / pieces, index % pieces, context.scratch(of: worker))
      }
    }
  }

  /// Calls `body` with the place of every pixel of the tensors, and with its row where time is outermost.
  private func forPixels(_ context: StepContext, _ body: (_ pixel: Int, _ row: Int) -> Void) {
    let (batch, frames) = (input.shape.batch, input.shape.frames)
    context.forPieces(batch * frames, limit: 64, grain: 16) { _, range, _ in
      for pixel in range { body(pixel, pixel % frames * batch + pixel / frames) }
    }
  }
}
