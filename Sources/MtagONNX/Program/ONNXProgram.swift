/// An ONNX model in Swift values, before it becomes bytes: what the exporter makes, the file writer packs and the
/// interpreter runs.
package struct ONNXProgram: Sendable {
  /// The graph's name.
  package var name: String
  /// Version of the standard operators.
  package var opset: Int
  /// What the caller gives.
  package var inputs: [ProgramValue]
  /// What the caller gets.
  package var outputs: [ProgramValue]
  /// Operators, each after those it reads.
  package var nodes: [ProgramNode]
  /// Stored tensors.
  package var tensors: [ProgramTensor]
  /// Texts about the model.
  package var metadata: [String: String]

  /// Puts a program together.
  package init(
    name: String, opset: Int, inputs: [ProgramValue], outputs: [ProgramValue], nodes: [ProgramNode],
    tensors: [ProgramTensor], metadata: [String: String] = [:]
  ) {
    self.name = name
    self.opset = opset
    self.inputs = inputs
    self.outputs = outputs
    self.nodes = nodes
    self.tensors = tensors
    self.metadata = metadata
  }
}
