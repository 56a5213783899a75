import MtagCore
import MtagGraph

/// The weights of one direction of one recurrent layer, packed as the loops read them: every gate and every direction of the layer
/// below padded to `width` lanes, and the GRU's gates in the order n, r, z, so that those which see the input and those which see
/// the state each stand side by side.
final class RecurrentWeights {
  let inputWeights: ParameterMemory.Slot
  let stateWeights: ParameterMemory.Slot
  let inputBias: ParameterMemory.Slot
  let stateBias: ParameterMemory.Slot
  let hidden: Int
  /// The state's width rounded up to whole registers.
  let width: Int
  /// Gates that have weights: 3 or 4.
  let gates: Int
  /// Floats from one row of the packed input's weights to the next.
  let inputStride: Int
  /// Columns of the input that count, in groups of `groupStride` of which the first `groupSize` count.
  private let inputGroups: (count: Int, size: Int, stride: Int)
  private let kind: Operation.Recurrent.Kind

  /// `[gates · width, inputStride]`
  let packedInput: AlignedBuffer
  /// `[hidden, gates · width]`
  let packedState: AlignedBuffer
  /// `[gates · width, width]`
  let turnedState: AlignedBuffer
  /// `[gates · width]` for the input's share, and as much for the state's.
  let packedBias: AlignedBuffer

  init(
    _ attributes: Operation.Recurrent, node: String, layer: Int, isReversed: Bool,
    inputGroups: (count: Int, size: Int, stride: Int), parameters: ParameterMemory
  ) {
    let suffix = "l\(layer)" + (isReversed ? "_reverse" : "")
    inputWeights = parameters.slot("\(node).weight_ih_\(suffix)")
    stateWeights = parameters.slot("\(node).weight_hh_\(suffix)")
    inputBias = parameters.slot("\(node).bias_ih_\(suffix)")
    stateBias = parameters.slot("\(node).bias_hh_\(suffix)")
    hidden = attributes.hidden
    width = Tensor.padded(attributes.hidden)
    gates = attributes.kind.gates
    kind = attributes.kind
    self.inputGroups = inputGroups
    inputStride = inputGroups.count * inputGroups.stride
    packedInput = AlignedBuffer(count: gates * width * inputStride)
    packedState = AlignedBuffer(count: hidden * gates * width)
    turnedState = AlignedBuffer(count: gates * width * width)
    packedBias = AlignedBuffer(count: 2 * gates * width)
  }

  private var inputs: Int { inputGroups.count * inputGroups.size }

  /// Which of PyTorch's gates stands at a place among those that see the input: r, z, n are stored, n, r, z are wanted.
  private func inputGate(_ place: Int) -> Int { kind == .gru ? (place + 2) % 3 : place }

  /// Packs the weights as they are now.
  func pack() {
    for place in 0..<gates {
      for i in 0..<hidden {
        let row = inputGate(place) * hidden + i
        let target = packedInput.pointer + (place * width + i) * inputStride
        for group in 0..<inputGroups.count {
          (target + group * inputGroups.stride).update(
            from: inputWeights.values + row * inputs + group * inputGroups.size, count: inputGroups.size)
        }
        let state = stateWeights.values + (place * hidden + i) * hidden
        (turnedState.pointer + (place * width + i) * width).update(from: state, count: hidden)
        let column = packedState.pointer + place * width + i
        for k in 0..<hidden { column[k * gates * width] = state[k] }
        packedBias.pointer[place * width + i] = inputBias.values[row]
        packedBias.pointer[(gates + place) * width + i] = stateBias.values[place * hidden + i]
      }
    }
    // The LSTM's gates are sums of both shares: all biases go with the input's.
    guard kind == .lstm else { return }
    for i in 0..<(gates * width) { packedBias.pointer[i] += packedBias.pointer[gates * width + i] }
  }

  /// Hands out gradients that stand as the packed weights do.
  /// - Parameters:
  ///   - inputGradient: `[gates · width, inputStride]`
  ///   - stateGradient: `[gates · width, width]`
  ///   - sums: of all columns of the gates' memory, `[4 · width]`.
  func unpack(
    inputGradient: UnsafePointer<Float>, stateGradient: UnsafePointer<Float>, sums: UnsafePointer<Double>
  ) {
    // In the GRU's memory the gates that see the state start behind n.
    let firstStateGate = kind == .gru ? 1 : 0
    for place in 0..<gates {
      for i in 0..<hidden {
        let row = inputGate(place) * hidden + i
        let source = inputGradient + (place * width + i) * inputStride
        for group in 0..<inputGroups.count {
          (inputWeights.gradients + row * inputs + group * inputGroups.size).update(
            from: source + group * inputGroups.stride, count: inputGroups.size)
        }
        (stateWeights.gradients + (place * hidden + i) * hidden).update(
          from: stateGradient + (place * width + i) * width, count: hidden)
        inputBias.gradients[row] = Float(sums[place * width + i])
        stateBias.gradients[place * hidden + i] = Float(sums[(firstStateGate + place) * width + i])
      }
    }
  }
}
