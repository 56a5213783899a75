import MtagCore
import MtagFeatures
import MtagGraph
import MtagModel

/// Reads a file that this program wrote: the model that its metadata and tensors describe, which is then written again in
/// memory and compared node by node and value by value with the file.
struct OwnFile {
  private let file: ONNXFile
  private let tensors: [String: ONNXFile.Tensor]

  /// What came of it.
  enum Outcome {
    /// The file holds what is written for this model.
    case same(Model)
    /// It does not, and why.
    case other(String)
  }

  init(_ file: ONNXFile) {
    self.file = file
    tensors = Dictionary(file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The model.
  /// - Throws: `MtagError` (inputOutput) if external data cannot be read.
  func model() throws -> Outcome {
    do {
      let model = try described()
      try model.validate()
      guard let difference = try difference(model) else { return .same(model) }
      return .other(difference)
    } catch let error as MtagError where error.kind == .usage || error.kind == .badData {
      return .other(error.message)
    }
  }

  // MARK: - The model

  private func described() throws -> Model {
    guard let stored = file.decoded(Graph.self, "graph"),
      let spec = file.decoded(FeatureSpec.self, "feature_spec"),
      let labels = file.decoded([String].self, "labels"), let card = file.decoded(ModelCard.self, "card"),
      let standardization = file.decoded(Standardization.self, "standardization"),
      let isMultiLabel = file.metadata["multi_label"].flatMap({ Bool($0) }),
      let chunkFrames = file.metadata["chunk_frames"].flatMap({ Int($0) })
    else { throw MtagError(.badData, "its metadata is not complete") }
    guard try spec.sha256() == file.metadata["feature_spec_sha256"] else {
      throw MtagError(.badData, "its feature spec does not have the SHA-256 that the file names")
    }
    let graph = try withoutFoldedNorms(stored)
    try requireTensors(of: graph)
    var weights = Weights(parameters: try graph.parameters())
    for node in graph.nodes {
      if case .recurrent(let attributes) = node.operation { try take(node.name, attributes, into: &weights) }
    }
    for parameter in weights.parameters where !isRecurrent(parameter.name, graph) {
      guard let tensor = tensors[parameter.name] else { continue }
      weights[parameter.name] = try file.floats(tensor)
    }
    return Model(
      graph: graph, weights: weights, featureSpec: spec, standardization: standardization, labels: labels,
      isMultiLabel: isMultiLabel, chunkFrames: chunkFrames, card: card)
  }

  /// Refuses a graph whose weights, tables and nodes are not in the file, before memory is taken for what it claims.
  private func requireTensors(of graph: Graph) throws {
    func require(_ name: String, _ shape: [Int]) throws {
      guard tensors[name]?.shape == shape else {
        throw MtagError(.badData, "tensor '\(name)' of shape \(shape) is missing")
      }
    }
    var windows = 0
    for layer in try graph.layers(frames: try graph.minimumFrames()) {
      let name = layer.node.name
      switch layer.node.operation {
      case .recurrent(let attributes):
        let rows = attributes.kind.gates * attributes.hidden
        for index in 0..<attributes.layers {
          let width = index == 0 ? layer.input.channels : attributes.hidden * attributes.directions
          try require("\(name).layer\(index).W", [attributes.directions, rows, width])
          try require("\(name).layer\(index).R", [attributes.directions, rows, attributes.hidden])
          try require("\(name).layer\(index).B", [attributes.directions, 2 * rows])
        }
        continue
      case .harmonicFilter(let attributes):
        try require("\(name).distances", [attributes.harmonics * attributes.bands, layer.input.bands])
      case .adaptivePool(let attributes): windows += attributes.output.bands + attributes.output.frames
      default: break
      }
      for parameter in layer.parameters { try require(parameter.name, parameter.shape) }
    }
    guard windows <= 8 * file.nodes.count else { throw MtagError(.badData, "its adaptive pools are missing") }
  }

  /// The graph as it stands in a file whose batch norms were folded: those are gone, and what was before them has a bias.
  private func withoutFoldedNorms(_ graph: Graph) throws -> Graph {
    var renamed: [String: String] = [:]
    var biased: Set<String> = []
    for node in graph.nodes {
      guard case .batchNorm = node.operation, tensors["\(node.name).running_mean"] == nil,
        let source = node.inputs.first
      else { continue }
      renamed[node.name] = source
      biased.insert(source)
    }
    guard !renamed.isEmpty else { return graph }
    let nodes = graph.nodes.compactMap { node -> Graph.Node? in
      if renamed[node.name] != nil { return nil }
      var operation = node.operation
      if biased.contains(node.name) {
        switch operation {
        case .convolution(var attributes):
          attributes.hasBias = true
          operation = .convolution(attributes)
        case .linear(let features, _): operation = .linear(features: features)
        default: break
        }
      }
      return Graph.Node(name: node.name, operation: operation, inputs: node.inputs.map { renamed[$0] ?? $0 })
    }
    return try Graph(
      name: graph.name, inputBands: graph.inputBands, inputChannels: graph.inputChannels, nodes: nodes)
  }

  private func isRecurrent(_ parameter: String, _ graph: Graph) -> Bool {
    parameter.contains("_l")
      && graph.nodes.contains { node in
        if case .recurrent = node.operation { parameter.hasPrefix("\(node.name).") } else { false }
      }
  }

  /// The weights of recurrent layers, whose gates stand in ONNX's order in the file.
  private func take(_ name: String, _ attributes: Operation.Recurrent, into weights: inout Weights) throws {
    let rows = attributes.kind.gates * attributes.hidden
    for layer in 0..<attributes.layers {
      let parts = ["W", "R", "B"].map { tensors["\(name).layer\(layer).\($0)"] }
      guard let input = parts[0], let state = parts[1], let bias = parts[2] else {
        throw MtagError(.badData, "the weights of layer \(layer) of '\(name)' are missing")
      }
      for (direction, suffix) in ["", "_reverse"].prefix(attributes.directions).enumerated() {
        func part(_ tensor: ONNXFile.Tensor, _ count: Int, _ offset: Int, _ key: String) throws {
          let values = try file.floats(tensor)
          let parameter = "\(name).\(key)_l\(layer)\(suffix)"
          guard offset + count <= values.count, weights.range(of: parameter)?.count == count else {
            throw MtagError(.badData, "the weights of layer \(layer) of '\(name)' have other sizes")
          }
          weights[parameter] = GateOrder.fromONNX(
            Array(values[offset..<offset + count]), attributes.kind, size: count / attributes.kind.gates)
        }
        let (inputCount, stateCount) = (
          input.count / attributes.directions, state.count / attributes.directions
        )
        try part(input, inputCount, direction * inputCount, "weight_ih")
        try part(state, stateCount, direction * stateCount, "weight_hh")
        try part(bias, rows, direction * 2 * rows, "bias_ih")
        try part(bias, rows, (direction * 2 + 1) * rows, "bias_hh")
      }
    }
  }

  // MARK: - The comparison

  /// Where the file is not what is written for the model; nil if it is.
  private func difference(_ model: Model) throws -> String? {
    var reason: String?
    let spec = model.featureSpec
    // A front end as a convolution holds a filter for each bin; some bins may be left out, but not nearly all.
    let filterBytes = 4 * (spec.fftSize + 2).multipliedClamped(by: spec.windowLength)
    let isHuge = filterBytes > 256 << 20 && file.bytes.count < filterBytes / 8
    let input = ONNXOptions.Input(rawValue: file.metadata["input"] ?? "features") ?? .features
    for transform in [ONNXOptions.Transform.stft, .convolution] {
      if input == .features && transform == .stft || isHuge && transform == .convolution { continue }
      let options = ONNXOptions(
        opset: file.operatorSets[""] ?? 0, input: input, transform: input == .features ? nil : transform,
        halvesWeights: file.tensors.contains { $0.type == .float16 })
      do {
        guard let found = try difference(try ONNXExporter(model: model, options: options).program()) else {
          return nil
        }
        reason = reason ?? found
      } catch let error as MtagError where error.kind == .usage {
        reason = reason ?? error.message
      }
    }
    return reason ?? "its front end is not in the file"
  }

  private func difference(_ program: ONNXProgram) throws -> String? {
    guard program.inputs.map(\.name) == file.inputs.map(\.name) else { return "it has other inputs" }
    guard program.nodes.count == file.nodes.count else {
      return "it has \(file.nodes.count) nodes, not \(program.nodes.count)"
    }
    for (written, node) in zip(program.nodes, file.nodes) where !Self.isSame(written, node) {
      return "\(node.title) is another"
    }
    guard program.tensors.count == file.tensors.count else {
      return "it stores \(file.tensors.count) tensors, not \(program.tensors.count)"
    }
    for (written, tensor) in zip(program.tensors, file.tensors) where try !isSame(written, tensor) {
      return "tensor '\(tensor.name)' is another"
    }
    return nil
  }

  private static func isSame(_ written: ProgramNode, _ node: ONNXFile.Node) -> Bool {
    guard written.type == node.type, written.name == node.name, written.inputs == node.inputs,
      written.outputs == node.outputs, node.domain.isEmpty, written.attributes.count == node.attributes.count
    else { return false }
    return written.attributes.allSatisfy { attribute in
      switch (attribute.value, node.attributes[attribute.name]) {
      case (.integer(let a), .integer(let b)): a == b
      case (.integers(let a), .integers(let b)): a == b
      case (.float(let a), .float(let b)): a.bitPattern == b.bitPattern
      case (.floats(let a), .floats(let b)): a == b
      case (.text(let a), .text(let b)): a == b
      case (.texts(let a), .texts(let b)): a == b
      default: false
      }
    }
  }

  private func isSame(_ written: ProgramTensor, _ tensor: ONNXFile.Tensor) throws -> Bool {
    guard written.name == tensor.name, written.shape == tensor.shape else { return false }
    switch written.values {
    case .single(let values):
      return try tensor.type == .float
        && file.floats(tensor).elementsEqual(values) { $0.bitPattern == $1.bitPattern }
    case .half(let bits):
      return try tensor.type == .float16 && file.floats(tensor) == bits.map(ONNXFile.half)
    case .double(let values):
      return try tensor.type == .double && file.floats(tensor) == values.map { Float($0) }
    case .integers(let values): return try tensor.type == .int64 && file.integers(tensor) == values
    }
  }
}
