public import MtagGraph
public import MtagTraining

/// What `info` shows of an architecture.
public struct ArchitectureInfo: Sendable {
  /// What it is.
  public let card: ArchitectureCard
  /// Its settings, the user's changes among them.
  public let settings: [String: JSONValue]
  /// Its costs, as `list` gives them.
  public let row: Listing.ModelRow
  /// The longest input that every layer takes, in frames; nil for any.
  public let maximumFrames: Int?
  /// The layers for that input.
  public let layers: [Layer]
}

extension ArchitectureInfo: Encodable {
  private enum CodingKeys: String, CodingKey {
    case source, settings, layers, tensors, name
    case maximumFrames = "maximum_frames"
  }

  /// The row's keys, and `source`, `settings`, `maximum_frames` and `layers`.
  public func encode(to encoder: any Encoder) throws {
    try row.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(card.source, forKey: .source)
    try container.encode(settings, forKey: .settings)
    try container.encode(maximumFrames, forKey: .maximumFrames)
    try container.encode(layers.map(LayerRow.init), forKey: .layers)
  }
}

/// A row of the layer table as JSON. Shapes are `[bands, frames, channels]`.
struct LayerRow: Encodable {
  let name: String
  let `operator`: String
  let inputs: [String]
  let inputShapes: [[Int]]
  let outputShape: [Int]
  let parameters: Int
  let macs: Int
  let tensors: [String: [Int]]

  init(_ layer: Layer) {
    func sizes(_ shape: TensorShape) -> [Int] { [shape.bands, shape.frames, shape.channels] }
    name = layer.node.name
    `operator` = layer.node.operation.label
    inputs = layer.node.inputs
    inputShapes = layer.inputs.map(sizes)
    outputShape = sizes(layer.output)
    parameters = layer.trainedCount
    macs = layer.multiplyAccumulates
    tensors = Dictionary(
      layer.parameters.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
  }

  enum CodingKeys: String, CodingKey {
    case name, `operator`, inputs, parameters, macs, tensors
    case inputShapes = "input_shapes"
    case outputShape = "output_shape"
  }
}
