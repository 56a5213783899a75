/// What every step has: its name, what it reads and what it writes.
struct StepTensors {
  /// The names of the graph's nodes it computes.
  let name: String
  /// The values it reads; at least one.
  let inputs: [Tensor]
  /// Where each input's gradient goes, a tensor of its own for each; nil for the network's input, and in inference.
  let inputGradients: [Tensor?]
  let output: Tensor
  /// Nil in inference.
  let outputGradient: Tensor?

  /// The first value it reads.
  var input: Tensor { inputs[0] }
  /// Where the first value's gradient goes.
  var inputGradient: Tensor? { inputGradients[0] }
}
