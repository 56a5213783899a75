import MtagCore
import MtagGraph
import MtagModel

/// Translates the nodes of a `Graph` into ONNX operators, channels first: maps are `[batch, channels, bands, frames]`.
///
/// Our weights have PyTorch's shapes, which are ONNX's too, so they are stored as they are. A node's value is called
/// `NODE.output`, a weight as in the model. What is added beside them gets a prime where names meet.
struct NetworkWriter {
  /// Names that the file's readers know.
  static let (input, logits, scores, embedding) = ("features", "logits", "scores", "embedding")

  /// How the axes of a value lie.
  enum Layout {
    /// `[batch, channels, bands, frames]`
    case map
    /// `[batch, frames, channels]`, of one band: what matrix products over channels like.
    case sequence
    /// `[batch, channels]`, of one band and one frame.
    case vector
  }

  /// Sizes of a value; frames are nil where they depend on the clip.
  struct Extents {
    let bands: Int
    let frames: Int?
    let channels: Int
    var isVector: Bool { bands == 1 && frames == 1 }
  }

  /// A graph node's value, in the layouts that were needed so far.
  private struct Value {
    var layout: Layout
    var names: [Layout: String]
    let extents: Extents
  }

  var builder: ProgramBuilder
  let weights: ParameterStore
  private let graph: Graph
  private var values: [String: Value] = [:]

  init(builder: ProgramBuilder, graph: Graph, weights: ParameterStore) {
    self.builder = builder
    self.graph = graph
    self.weights = weights
  }

  /// Names that a graph's nodes and weights will take.
  static func reservedNames(_ graph: Graph) throws -> (nodes: Set<String>, values: Set<String>) {
    var values: Set = [input, "waveform", logits, scores, embedding]
    for node in graph.nodes {
      values.formUnion(["\(node.name).output", "\(node.name).weight", "\(node.name).bias"])
    }
    values.formUnion(try graph.parameters().map(\.name))
    return (Set(graph.nodes.map(\.name)), values)
  }

  /// Writes all of the network, from the feature maps to logits, scores and embedding.
  /// - Throws: `MtagError` (usage) if the graph gives no logits.
  mutating func write(_ model: Model) throws {
    let (short, long) = (try graph.layers(frames: graph.minimumFrames()), try longestLayers())
    standardize(model.standardization)
    for (first, last) in zip(short, long) {
      try append(first, extents: Self.extents(first.output, last.output))
    }
    try finish(isMultiLabel: model.isMultiLabel)
  }

  // MARK: - What the operators' files use

  /// Sizes of the value of a graph node.
  func extents(_ name: String) -> Extents { known(name).extents }

  /// The layout in which a value came.
  func layout(_ name: String) -> Layout { known(name).layout }

  /// The name of a value in a layout; it is converted once.
  mutating func value(_ name: String, _ layout: Layout) -> String {
    let value = known(name)
    if let there = value.names[layout] { return there }
    let source = value.names[value.layout] ?? ""
    let made = converted(source, of: name, from: value.layout, to: layout)
    values[name]?.names[layout] = made
    return made
  }

  /// Says what stands for a graph node's value.
  mutating func define(_ name: String, _ value: String, _ layout: Layout, _ extents: Extents) {
    values[name] = Value(layout: layout, names: [layout: value], extents: extents)
  }

  /// Says that a graph node gives what another gives.
  mutating func alias(_ name: String, of source: String) { values[name] = known(source) }

  /// The name of the value that a graph node gives.
  func output(_ name: String) -> String { "\(name).output" }

  /// Stores a weight, once.
  mutating func stored(_ name: String) -> String { weights.store(name, in: &builder) }

  // MARK: - Helpers

  private func known(_ name: String) -> Value {
    guard let value = values[name] else {
      preconditionFailure("'\(name)' is read before it was written")
    }
    return value
  }

  /// Layers for a long input; sizes that are the same as for the shortest are the same for all, because none falls as clips grow
  /// and none waits so long to grow.
  private func longestLayers() throws -> [Layer] {
    let shortest = try graph.minimumFrames()
    var frames = min(try graph.maximumFrames() ?? GraphLimits.frames, shortest + 65_536)
    while frames > shortest {
      if let layers = try? graph.layers(frames: frames) { return layers }
      // More values than the graph takes: fewer frames tell as much.
      frames = shortest + (frames - shortest) / 2
    }
    return try graph.layers(frames: shortest)
  }

  private static func extents(_ shortest: TensorShape, _ longest: TensorShape) -> Extents {
    Extents(
      bands: shortest.bands, frames: shortest.frames == longest.frames ? shortest.frames : nil,
      channels: shortest.channels)
  }

  /// `(features − mean) / deviation`
  private mutating func standardize(_ standardization: Standardization) {
    let mean = builder.store("standardize.mean", shape: [], .single([standardization.mean]))
    let deviation = builder.store("standardize.deviation", shape: [], .single([standardization.deviation]))
    let difference = builder.add("Sub", "standardize.difference", [Self.input, mean])
    let quotient = builder.add("Div", "standardize.quotient", [difference, deviation])
    define(
      Graph.inputName, quotient, .map,
      Extents(bands: graph.inputBands, frames: nil, channels: graph.inputChannels))
  }

  private mutating func converted(
    _ value: String, of name: String, from old: Layout, to new: Layout
  ) -> String {
    switch (old, new) {
    case (.map, .vector): return builder.add("Flatten", "\(name).vector", [value], ["axis": .integer(1)])
    case (.sequence, .vector):
      return builder.add("Flatten", "\(name).vector", [value], ["axis": .integer(1)])
    case (.vector, .map): return builder.unsqueeze(value, "\(name).map", axes: [2, 3])
    case (.vector, .sequence): return builder.unsqueeze(value, "\(name).sequence", axes: [1])
    case (.map, .sequence):
      let rows = builder.squeeze(value, "\(name).rows", axes: [2])
      return builder.transpose(rows, "\(name).sequence", [0, 2, 1])
    case (.sequence, .map):
      let rows = builder.transpose(value, "\(name).rows", [0, 2, 1])
      return builder.unsqueeze(rows, "\(name).map", axes: [2])
    case (.map, .map), (.sequence, .sequence), (.vector, .vector): return value
    }
  }

  /// Names the last node's value `logits`; adds `scores`, sigmoid for several labels a clip and softmax for one, and `embedding`.
  private mutating func finish(isMultiLabel: Bool) throws {
    guard let last = graph.nodes.last?.name else { return }
    let vector = value(last, .vector)
    if !builder.rename(lastValue: vector, to: Self.logits) {
      builder.add("Identity", "logits", [vector], to: Self.logits)
    }
    if isMultiLabel {
      builder.add("Sigmoid", "scores", [Self.logits], to: Self.scores)
    } else {
      builder.add("Softmax", "scores", [Self.logits], to: Self.scores, ["axis": .integer(1)])
    }
    guard let name = embeddingName else { return }
    if extents(name).isVector {
      builder.add("Identity", "embedding", [value(name, .vector)], to: Self.embedding)
    } else {
      let mean = builder.reduce("ReduceMean", "embedding.mean", value(name, .map), axes: [2, 3])
      builder.add("Flatten", "embedding", [mean], to: Self.embedding, ["axis": .integer(1)])
    }
  }

  /// The node whose value is the embedding; nil if the network has none.
  var embeddingName: String? { graph.embeddingName }
}
