/// What every step between two values has: its name, what it reads and what it writes.
struct StepTensors {
  /// The names of the graph's nodes it computes.
  let name: String
  let input: Tensor
  /// Nil for the network's input, and in inference.
  let inputGradient: Tensor?
  let output: Tensor
  /// Nil in inference.
  let outputGradient: Tensor?
}
