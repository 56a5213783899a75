import MtagCore
public import MtagGraph

/// An ONNX graph as one of ours, with its weights.
public struct ONNXTranslation: Sendable {
  /// The network, from the features to the logits.
  public let graph: Graph
  /// Its weights.
  public let weights: Weights
  /// The number of frames it was made for, if the file fixes it; else one that it takes.
  public let frames: Int
  /// Whether the file fixes the number of frames.
  public let isFixedLength: Bool
  /// What the file computes of the logits at its output.
  public let head: Head
  /// What the axes of the file's input mean.
  public let meaning: InputMeaning

  /// What becomes of the logits.
  public enum Head: String, Sendable, Codable {
    case none, softmax, sigmoid, logSoftmax
  }
}

extension ONNXFile {
  /// What `translated` is told beyond the file.
  public struct TranslationOptions: Sendable {
    /// The output to translate; nil for `logits`, or the only or first one.
    public var output: String?
    /// What the axes of the input mean; nil for what its sizes suggest.
    public var meaning: InputMeaning?
    /// The number of frames, where the file leaves it open and its nodes depend on it.
    public var frames: Int?
    /// The number of bands, where the file leaves it open.
    public var bands: Int?

    /// Leaves all to the file.
    public init(output: String? = nil, meaning: InputMeaning? = nil, frames: Int? = nil, bands: Int? = nil) {
      self.output = output
      self.meaning = meaning
      self.frames = frames
      self.bands = bands
    }
  }

  /// The file's network as one of ours.
  ///
  /// Nodes are translated for inputs of one size, and where the file leaves the number of frames open, for another length as well:
  /// both must come out the same.
  /// - Throws: `MtagError` (badData) naming the node that cannot be translated, and why.
  public func translated(_ options: TranslationOptions = .init()) throws -> ONNXTranslation {
    if let problem = ONNXChecker.structure(of: self).first { throw bad(problem.description) }
    let input = try networkInput()
    let meaning = try meaning(of: input, options)
    let (target, head) = try logits(options.output)
    let probe = Probe(file: self, input: input, meaning: meaning, bands: options.bands, target: target)
    if let fixed = options.frames ?? probe.fixedFrames {
      let result = try probe.translate(frames: fixed)
      return try translation(result, fixed, isFixed: true, head, meaning)
    }
    let first = try probe.firstLength()
    let result = try probe.translate(frames: first)
    // Odd and even lengths differ where padding depends on them.
    for other in [first + 1, 2 * first] where probe.takes(other) {
      let again = try probe.translate(frames: other)
      guard again.nodes == result.nodes, again.weights == result.weights else {
        let place = zip(again.nodes, result.nodes).first { $0 != $1 }?.0.name ?? result.nodes.last?.name ?? ""
        throw bad(
          "what '\(place)' does depends on the length of the input (\(first) and \(other) frames); name one with --frames"
        )
      }
      break
    }
    return try translation(result, first, isFixed: false, head, meaning)
  }

  // MARK: - Helpers

  private func translation(
    _ result: Probe.Result, _ frames: Int, isFixed: Bool, _ head: ONNXTranslation.Head,
    _ meaning: InputMeaning
  ) throws -> ONNXTranslation {
    do {
      var graph = try graph(result.nodes, result.input)
      var isFixed = isFixed
      let long = try? graph.layers(frames: 4 * frames).last?.output
      if let long, long.frames > 1 || long.bands > 1, let last = result.nodes.last {
        isFixed = true
        // Longer clips give several vectors, whose mean counts; for the file's own length it is the vector.
        let mean = Graph.Node(name: "\(last.name).mean", operation: .globalAveragePool, inputs: [last.name])
        graph = try self.graph(result.nodes + [mean], result.input)
      }
      _ = try graph.labelCount()
      let shapes = try graph.layers(frames: frames)
      guard shapes.last?.output.channels == result.shape.channels else {
        throw MtagError(
          .usage, "its logits have \(result.shape.channels) values, and the network would give others")
      }
      return ONNXTranslation(
        graph: graph, weights: try weights(of: graph, result.weights), frames: frames, isFixedLength: isFixed,
        head: head,
        meaning: meaning)
    } catch let error as MtagError where error.kind == .usage {
      throw bad(error.message)
    }
  }

  private func graph(_ nodes: [Graph.Node], _ input: TensorShape) throws -> Graph {
    let title = String(
      String.UnicodeScalarView(graphName.unicodeScalars.filter { $0.value >= 32 }).prefix(100))
    return try Graph(
      name: title.isEmpty ? "onnx" : title, inputBands: input.bands, inputChannels: input.channels,
      nodes: nodes)
  }

  private func weights(of graph: Graph, _ values: [String: [Float]]) throws -> Weights {
    let parameters = try graph.parameters()
    for parameter in parameters where values[parameter.name]?.count != parameter.count {
      throw bad(
        "'\(parameter.name)' has \(values[parameter.name]?.count ?? 0) values, not \(parameter.shape)")
    }
    var weights = Weights(parameters: parameters)
    for parameter in parameters { weights[parameter.name] = values[parameter.name] }
    return weights
  }

  /// The one input that is no stored tensor.
  func networkInput() throws -> Declaration {
    let inputs = realInputs
    guard inputs.count == 1, let input = inputs.first else {
      let names = inputs.map { "'\($0.name)'" }.joined(separator: ", ")
      throw bad("it has \(inputs.count) inputs (\(names)); a network with one is expected")
    }
    guard input.isTensor, input.type?.isFloat == true else {
      throw bad("input '\(input.name)' is \(input.type?.name ?? "of no type"), and float32 is expected")
    }
    return input
  }

  private func meaning(of input: Declaration, _ options: TranslationOptions) throws -> InputMeaning {
    guard let axes = input.axes else { throw bad("input '\(input.name)' has no declared shape") }
    let sizes = "[" + axes.map(\.text).joined(separator: ", ") + "]"
    if let meaning = options.meaning {
      guard meaning.axes.count == axes.count else {
        throw bad(
          "input '\(input.name)' is \(sizes), and \(meaning.axes.count) axes are named (\(meaning.text))")
      }
      return meaning
    }
    guard let meaning = InputMeaning.guessed(axes.map(\.fixedSize)) else {
      throw bad(
        "input '\(input.name)' is \(sizes); expected is [batch, channels, bands, frames], [batch, bands, frames] or "
          + "[batch, samples]")
    }
    return meaning
  }

  /// The value of the logits, and what the file computes of them at its output.
  private func logits(_ name: String?) throws -> (String, ONNXTranslation.Head) {
    guard let output = name ?? outputs.first(where: { $0.name == "logits" })?.name ?? outputs.first?.name,
      outputs.contains(where: { $0.name == output })
    else {
      let names = outputs.map { "'\($0.name)'" }.joined(separator: ", ")
      throw bad("it has no output '\(name ?? "")'; there are: \(names.isEmpty ? "none" : names)")
    }
    let producers = Dictionary(
      nodes.flatMap { node in node.outputs.map { ($0, node) } }, uniquingKeysWith: { first, _ in first })
    var target = output
    for _ in 0..<nodes.count {
      guard let node = producers[target], node.domain.isEmpty, let source = node.inputs.first else { break }
      switch node.type {
      case "Identity": target = source
      case "Softmax": return (source, .softmax)
      case "LogSoftmax": return (source, .logSoftmax)
      case "Sigmoid": return (source, .sigmoid)
      default: return (target, .none)
      }
    }
    return (target, .none)
  }
}
