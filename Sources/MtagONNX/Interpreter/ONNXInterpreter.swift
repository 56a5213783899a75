import MtagCore

/// Runs an `ONNXProgram` node by node: the meaning of the operators that our exports use, by the words of the specification, in
/// plain loops. For checking files against the engine, and for front ends; networks run faster in the engine.
///
/// - Source: ONNX operator reference, https://onnx.ai/onnx/operators.
package struct ONNXInterpreter: Sendable {
  private let program: ONNXProgram
  private let tensors: [String: InterpreterTensor]
  /// After which node each value is no longer needed.
  private let lastReaders: [String: Int]

  /// Prepares a program.
  /// - Throws: `MtagError` (badData) naming the first node whose operator is not known.
  package init(_ program: ONNXProgram) throws {
    if let node = program.nodes.first(where: { InterpreterOperators.all[$0.type] == nil }) {
      throw MtagError(
        .badData, "node '\(node.name)': the interpreter does not know the operator \(node.type)")
    }
    self.program = program
    tensors = Dictionary(program.tensors.map { ($0.name, InterpreterTensor($0)) }) { first, _ in first }
    var readers: [String: Int] = [:]
    for (index, node) in program.nodes.enumerated() {
      for input in node.inputs { readers[input] = index }
    }
    lastReaders = readers
  }

  /// Runs all nodes.
  /// - Parameters:
  ///   - inputs: a value for each of the program's inputs.
  ///   - wanted: which values to give back; nil for the program's outputs.
  /// - Throws: `MtagError` (badData) naming the node that cannot be run on these values.
  package func run(_ inputs: [String: InterpreterTensor], wanted: [String]? = nil) throws
    -> [String: InterpreterTensor]
  {
    let wanted = wanted ?? program.outputs.map(\.name)
    let kept = Set(wanted)
    var values = inputs
    func value(_ name: String) -> InterpreterTensor? { values[name] ?? tensors[name] }
    for (index, node) in program.nodes.enumerated() {
      let read = try node.inputs.map { name -> InterpreterTensor? in
        if name.isEmpty { return nil }
        guard let value = value(name) else {
          throw MtagError(.badData, "node '\(node.name)' reads '\(name)', which is not there")
        }
        return value
      }
      guard let operation = InterpreterOperators.all[node.type] else { continue }
      let results = try operation(InterpreterCall(node: node, inputs: read))
      for (name, result) in zip(node.outputs, results) where !name.isEmpty { values[name] = result }
      for name in node.inputs where lastReaders[name] == index && !kept.contains(name) {
        values[name] = nil
      }
    }
    var outputs: [String: InterpreterTensor] = [:]
    for name in wanted {
      guard let output = value(name) else {
        throw MtagError(.badData, "no node gives '\(name)'")
      }
      outputs[name] = output
    }
    return outputs
  }
}
