extension ONNXFile {
  /// What `onnx inspect` shows.
  public struct Summary: Codable, Hashable, Sendable {
    /// The file.
    public var path: String
    /// Version of the file format.
    public var formatVersion: Int
    /// The program that wrote it.
    public var producer: String
    /// The graph's name.
    public var graph: String
    /// Version of each operator set; the standard one is `ai.onnx`.
    public var operatorSets: [String: Int]
    /// Name, type and shape of each input.
    public var inputs: [Value]
    /// Name, type and shape of each output.
    public var outputs: [Value]
    /// How often each operator occurs.
    public var operators: [String: Int]
    /// Values of stored tensors that are floating-point numbers.
    public var parameters: Int
    /// Multiply-accumulates of convolutions, matrix products and recurrent layers for inputs of `costInputs`; nil if
    /// shapes do not follow from the inputs.
    public var multiplyAccumulates: Int?
    /// The input sizes that the cost is for, by name.
    public var costInputs: [String: [Int]]
    /// Texts about the model by key.
    public var metadata: [String: String]

    /// An input or output.
    public struct Value: Codable, Hashable, Sendable {
      /// Its name.
      public var name: String
      /// Its element type.
      public var type: String
      /// `[batch, 1, 128, frames]`
      public var shape: String
    }
  }

  /// What is in the file.
  public func summary() -> Summary {
    var operators: [String: Int] = [:]
    for node in nodes {
      operators[node.domain.isEmpty ? node.type : "\(node.domain).\(node.type)", default: 0] += 1
    }
    let (sizes, cost) = cost()
    return Summary(
      path: path, formatVersion: formatVersion, producer: producer, graph: graphName,
      operatorSets: Dictionary(uniqueKeysWithValues: operatorSets.map { ($0.isEmpty ? "ai.onnx" : $0, $1) }),
      inputs: realInputs.map(value), outputs: outputs.map(value), operators: operators,
      parameters: tensors.filter { $0.type?.isFloat == true }.reduce(0) { $0.addingClamped($1.count) },
      multiplyAccumulates: cost, costInputs: sizes, metadata: metadata)
  }

  /// What does not keep the format's rules, and the operators whose shapes were not checked.
  public func problems() -> (problems: [ONNXProblem], unchecked: [String]) { ONNXChecker.check(self) }

  /// The inputs that a caller must give: those that are no stored tensors.
  var realInputs: [Declaration] {
    let stored = Set(tensors.map(\.name))
    return inputs.filter { !stored.contains($0.name) }
  }

  // MARK: - Helpers

  private func value(_ declaration: Declaration) -> Summary.Value {
    let shape = declaration.axes.map { "[" + $0.map(\.text).joined(separator: ", ") + "]" }
    return Summary.Value(
      name: declaration.name, type: declaration.type?.name ?? (declaration.isTensor ? "?" : "no tensor"),
      shape: shape ?? "?")
  }

  /// Multiply-accumulates for one clip: open sizes are one clip and, of a few lengths, the first that the nodes take.
  private func cost() -> ([String: [Int]], Int?) {
    for frames in [metadata["chunk_frames"].flatMap { Int($0) } ?? 256, 1024, 4096, 1 << 16] where frames > 0
    {
      var sizes: [String: [Int]] = [:]
      for input in realInputs {
        guard let axes = input.axes else { return ([:], nil) }
        sizes[input.name] = axes.enumerated().map { index, axis in axis.fixedSize ?? (index == 0 ? 1 : frames)
        }
      }
      let walk = ShapeWalk(self, sizes: sizes)
      if walk.problems.isEmpty && walk.unchecked.isEmpty { return (sizes, walk.multiplyAccumulates) }
    }
    return ([:], nil)
  }
}
