import MtagCore
public import MtagGraph

/// An architecture that is written down in YAML: its card, its settings with their defaults, and its layers.
///
/// docs/declarative-models.md explains the format. The text is checked when it is read; sizes are checked when the graph is made,
/// which needs the features' bands and the labels.
public struct DeclaredArchitecture: Sendable {
  /// What it is.
  public let card: ArchitectureCard
  /// The settings' names in the order of the file.
  public let settingNames: [String]
  /// The settings' defaults.
  public let defaults: [String: DeclaredValue]
  /// The file's text.
  public let text: String
  /// The file's name, for errors.
  public let file: String
  private let layers: [DeclaredNode]

  /// The largest file that is read, in UTF-8 bytes.
  public static let largestBytes = DeclarationLimits.bytes

  /// The names of all layers.
  public static let layerNames: [String] = OperatorForm.names

  private static let keys = ["name", "summary", "source", "features", "chunk_frames", "settings", "layers"]
  /// Names that stand for something in every model.
  private static let reserved = ["labels", "bands", "channels", "index"]

  /// Reads a model.
  /// - Parameters:
  ///   - text: YAML.
  ///   - file: what it is called, for errors.
  /// - Throws: `MtagError` (badData) naming file, line and column: text that is no YAML, unknown keys, layers and attributes with
  ///   near names, and sizes beyond `DeclarationLimits`.
  public init(text: String, file: String) throws {
    do {
      let root = try DeclaredText.parse(text)
      let pairs = try root.mapping("a model")
      for pair in pairs where !Self.keys.contains(pair.key) {
        let name = String(pair.key.prefix(40))
        throw DeclarationFault(
          pair.place, "a model has no '\(name)'; \(suggestion(for: name, among: Self.keys))")
      }
      let values = Dictionary(pairs.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
      guard let layers = values["layers"] else { throw DeclarationFault(root.place, "a model needs layers:") }
      card = try Self.card(values, at: root.place)
      (settingNames, defaults) = try Self.settings(values["settings"])
      self.layers = try layers.list("layers")
      guard !self.layers.isEmpty else {
        throw DeclarationFault(layers.place, "a model needs at least one layer")
      }
      try DeclaredLayer.check(self.layers)
    } catch let fault as DeclarationFault {
      throw fault.error(in: file)
    }
    self.text = text
    self.file = file
  }

  /// The graph for an input, with some settings changed.
  /// - Throws: `MtagError` naming file, line and column: badData for layers that do not fit each other, usage for an input with too
  ///   few bands, and for whatever is wrong with settings that are not the file's own.
  public func graph(
    bands: Int, channels: Int, labels: Int, settings: [String: DeclaredValue] = [:]
  ) throws -> Graph {
    var names = try defaults.merging(checked(settings)) { $1 }
    names["labels"] = .integer(labels)
    names["bands"] = .integer(bands)
    names["channels"] = .integer(channels)
    do {
      let nodes = try LayerWriter.nodes(
        layers, model: card.name, bands: bands, channels: channels, labels: labels, names: names)
      return try Graph(name: card.name, inputBands: bands, inputChannels: channels, nodes: nodes)
    } catch let fault as DeclarationFault {
      // With other settings than its own, the file need not be what is wrong.
      let isChanged = settings.contains { defaults[$0.key] != $0.value }
      throw isChanged ? MtagError(.usage, fault.error(in: file).message) : fault.error(in: file)
    } catch let error as MtagError where error.kind == .usage {
      throw MtagError(.usage, "\(file): \(error.message)")
    }
  }

  /// Settings that a user gave, if they can be.
  /// - Throws: `MtagError` (usage) for an unknown name, with near ones, or a value of another kind than the default.
  public func checked(_ settings: [String: DeclaredValue]) throws -> [String: DeclaredValue] {
    for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
      guard let standard = defaults[name] else {
        throw MtagError(
          .usage, "\(card.name) has no setting '\(name)'; \(suggestion(for: name, among: settingNames))")
      }
      guard standard.accepts(value) else {
        throw MtagError(
          .usage,
          "\(card.name): setting '\(name)' must be \(standard.kind) as \(standard.words) is, not \(value.words)"
        )
      }
    }
    return settings
  }

  // MARK: - Parts of the file

  private static func card(_ values: [String: DeclaredNode], at place: Place) throws -> ArchitectureCard {
    guard let node = values["name"] else { throw DeclarationFault(place, "a model needs a name:") }
    let name = try node.text("name")
    let isPlain = name.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || $0.properties.numericType != nil
          || "_-.+".unicodeScalars.contains($0))
    }
    guard isPlain, name.utf8.count <= DeclarationLimits.nameBytes, !name.hasPrefix("."), !name.hasPrefix("-")
    else {
      throw DeclarationFault(
        node.place,
        "'\(name.prefix(40))' cannot be a model's name: letters, digits, '-', '_', '+' and '.', at most "
          + "\(DeclarationLimits.nameBytes)")
    }
    func words(_ key: String) throws -> String? {
      guard let node = values[key] else { return nil }
      let text = try node.text(key)
      guard text.utf8.count <= DeclarationLimits.textBytes else {
        throw DeclarationFault(
          node.place, "\(key) has \(text.utf8.count) bytes, more than \(DeclarationLimits.textBytes)")
      }
      return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    var chunkFrames: Int?
    if let node = values["chunk_frames"] {
      guard case .integer(let frames) = try AttributeReader.evaluate(node, names: [:]),
        (1...GraphLimits.frames).contains(frames)
      else {
        throw DeclarationFault(node.place, "chunk_frames must be a whole number in 1 … \(GraphLimits.frames)")
      }
      chunkFrames = frames
    }
    return ArchitectureCard(
      name: name, summary: try words("summary") ?? "", source: try words("source") ?? "",
      features: try words("features") ?? "melspec", chunkFrames: chunkFrames)
  }

  private static func settings(_ node: DeclaredNode?) throws -> ([String], [String: DeclaredValue]) {
    guard let node else { return ([], [:]) }
    var names: [String] = []
    var values: [String: DeclaredValue] = [:]
    for pair in try node.mapping("settings") {
      try requirePlain(pair.key, at: pair.place)
      names.append(pair.key)
      values[pair.key] = try AttributeReader.evaluate(pair.value, names: [:])
    }
    return (names, values)
  }

  /// A name that `$name` can stand for.
  static func requirePlain(_ name: String, at place: Place) throws {
    let isPlain = name.unicodeScalars.enumerated().allSatisfy { index, scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || scalar == "_"
          || index > 0 && scalar.properties.numericType != nil)
    }
    guard isPlain, name.utf8.count <= DeclarationLimits.nameBytes else {
      throw DeclarationFault(
        place, "'\(name.prefix(40))' cannot be a setting's name: letters, digits and '_', a letter first")
    }
    guard !reserved.contains(name) else {
      throw DeclarationFault(place, "'\(name)' stands for something in every model; choose another name")
    }
  }
}
