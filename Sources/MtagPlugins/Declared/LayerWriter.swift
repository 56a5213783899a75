import MtagCore
import MtagGraph

/// Writes a declared model's layers as the nodes of a graph, and keeps the shape of every value, so that a layer that does not fit
/// is refused at its line.
struct LayerWriter {
  /// A value of the graph under construction.
  struct Value {
    let name: String
    let shape: TensorShape
  }

  /// Nodes so far.
  var nodes: [Graph.Node] = []
  /// What `$name` stands for.
  var names: [String: DeclaredValue]
  /// What the names of layers begin with here: `block1.`
  var scope = ""
  private let model: String
  private let input: Value
  private var values: [String: Value] = [:]
  private var places: [String: Place] = [:]
  private var unread: Set<String> = []
  private var steps = 0
  private var repetitions: [String: Int] = [:]

  /// Starts an empty network.
  /// - Parameters:
  ///   - model: its name, for errors.
  ///   - names: the settings.
  init(model: String, bands: Int, channels: Int, names: [String: DeclaredValue]) {
    self.model = model
    self.names = names
    // As long as inputs can be: sizes along frames are checked by the graph, for every length.
    input = Value(
      name: Graph.inputName, shape: TensorShape(bands: bands, frames: GraphLimits.frames, channels: channels))
  }

  /// Writes all layers.
  /// - Returns: the nodes; the last gives the logits.
  static func nodes(
    _ layers: [DeclaredNode], model: String, bands: Int, channels: Int, labels: Int,
    names: [String: DeclaredValue]
  ) throws -> [Graph.Node] {
    var writer = LayerWriter(model: model, bands: bands, channels: channels, names: names)
    let last = try writer.write(layers, from: writer.input)
    let place = layers.last?.place ?? .start
    guard last.shape.bands == 1, last.shape.frames == 1 else {
      throw DeclarationFault(
        place,
        "the last layer gives \(last.shape.bands) bands and more than one frame, not a vector of logits; "
          + "pool over bands and frames before it")
    }
    guard last.shape.channels == labels else {
      throw DeclarationFault(
        place,
        "the last layer gives \(last.shape.channels) values for \(labels) labels; end with linear: $labels")
    }
    if let dead = writer.nodes.first(where: { writer.unread.contains($0.name) && $0.name != last.name }) {
      throw DeclarationFault(
        writer.places[dead.name] ?? .start, "nothing reads '\(dead.name)'; read it with from:, or remove it")
    }
    return writer.nodes
  }

  // MARK: - Lists of layers

  /// Writes a list of layers, each reading the one before it unless it says otherwise.
  mutating func write(_ layers: [DeclaredNode], from start: Value) throws -> Value {
    let elements = try layers.map(DeclaredLayer.init)
    var counts: [String: Int] = [:]
    for layer in elements where layer.beside["name"] == nil { counts[layer.form.base, default: 0] += 1 }
    var numbers: [String: Int] = [:]
    var value = start
    for layer in elements {
      steps += 1
      guard steps <= DeclarationLimits.steps, nodes.count <= GraphLimits.nodes else {
        throw DeclarationFault(layer.place, "more than \(DeclarationLimits.steps) layers; repeat less")
      }
      let base = layer.form.base
      var name = base
      if let node = layer.beside["name"] {
        name = try Self.plain(node)
      } else if counts[base, default: 0] > 1 || layer.kind == "repeat" {
        // Repetitions are numbered themselves.
        if layer.kind != "repeat" {
          numbers[base, default: 0] += 1
          name += String(numbers[base, default: 0])
        }
      }
      if let condition = layer.beside["if"] {
        guard try isTrue(condition) else { continue }
      }
      if let source = layer.beside["from"] {
        value = try lookUp(try source.text("from"), at: source.place, before: value)
      }
      value = try write(layer, name: name, from: value)
      if layer.kind != "repeat" { values[scope + name] = value }
    }
    return value
  }

  private mutating func write(_ layer: DeclaredLayer, name: String, from value: Value) throws -> Value {
    let reader = AttributeReader(layer: layer, names: names, bands: value.shape.bands)
    switch layer.kind {
    case "repeat": return try writeRepetitions(layer, name: name, from: value)
    case "group":
      return try inside("\(name).") { try $0.write(try $0.layers(layer.value, of: layer), from: value) }
    case "residual": return try writeResidual(layer, name: name, from: value)
    case "branches": return try writeBranches(layer, name: name, from: value)
    case "squeeze_excite": return try writeSqueezeExcite(reader, name: name, from: value)
    case "attention": return try writeAttention(reader, name: name, from: value)
    case "attention_pool": return try writeAttentionPool(reader, name: name, from: value)
    case "add", "multiply", "concat":
      let inputs = try reader.references("of").map { try lookUp($0.name, at: $0.place, before: value) }
      return try append(name, try reader.joining(layer.kind), inputs, at: layer.place)
    default: return try append(name, try reader.operation(input: value.shape), [value], at: layer.place)
    }
  }

  /// The layers that a node lists.
  func layers(_ node: DeclaredNode?, of layer: DeclaredLayer) throws -> [DeclaredNode] {
    guard let node else { throw DeclarationFault(layer.place, "'\(layer.kind)' needs a list of layers") }
    return try node.list("the layers of '\(layer.kind)'")
  }

  /// Does something with names that begin with more.
  mutating func inside<Result>(_ prefix: String, _ body: (inout LayerWriter) throws -> Result) rethrows
    -> Result
  {
    let outer = scope
    scope += prefix
    defer { scope = outer }
    return try body(&self)
  }

  // MARK: - Nodes and values

  /// Adds a node.
  /// - Throws: `DeclarationFault` at `place` if it does not fit what it reads, or its name is taken.
  mutating func append(_ name: String, _ operation: Operation, _ inputs: [Value], at place: Place) throws
    -> Value
  {
    let full = scope + name
    if let other = places[full] {
      throw DeclarationFault(
        place, "two layers are named '\(full)', the other in line \(other.line); give one a name of its own")
    }
    guard full.utf8.count <= GraphLimits.nameBytes else {
      throw DeclarationFault(place, "the name '\(full.prefix(40))…' is too long")
    }
    let shape: TensorShape
    do {
      shape = try operation.shape(of: inputs.map(\.shape), node: full)
    } catch let error as MtagError {
      throw DeclarationFault(place, error.message)
    }
    guard shape.bands >= 1, shape.frames >= 1 else {
      throw DeclarationFault(
        place,
        "\(full) (\(operation.label)) has nothing left of \(inputs[0].shape.bands) bands; use features with more",
        kind: .usage)
    }
    nodes.append(Graph.Node(name: full, operation: operation, inputs: inputs.map(\.name)))
    places[full] = place
    for input in inputs { unread.remove(input.name) }
    unread.insert(full)
    return Value(name: full, shape: shape)
  }

  /// The value of a name: first among the layers here, then further out; `input` and `previous` are always there.
  func lookUp(_ name: String, at place: Place, before previous: Value) throws -> Value {
    if name == "previous" { return previous }
    if name == Graph.inputName { return input }
    var prefix = scope
    while true {
      if let value = values[prefix + name] { return value }
      guard !prefix.isEmpty else { break }
      prefix.removeLast()
      prefix = prefix.lastIndex(of: ".").map { String(prefix[...$0]) } ?? ""
    }
    let known = values.keys.map { $0.hasPrefix(scope) ? String($0.dropFirst(scope.count)) : $0 }
    throw DeclarationFault(
      place,
      "no layer before this one is named '\(name.prefix(40))'; "
        + suggestion(
          for: String(name.prefix(40)),
          among: (known + [Graph.inputName, "previous"]).sorted(by: naturalOrder)))
  }

  /// The number of the next repetition called `name` here: groups of one name count on.
  mutating func nextNumber(_ name: String) -> Int {
    repetitions[scope + name, default: 0] += 1
    return repetitions[scope + name, default: 0]
  }

  /// Makes a value known by a name.
  mutating func define(_ name: String, _ value: Value) { values[scope + name] = value }
}
