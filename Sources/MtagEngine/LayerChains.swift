import MtagGraph

/// Which layers follow each other with nobody else reading what stands between them.
struct LayerChains {
  private let layers: [Layer]
  private var readers: [String: Int] = [:]

  init(_ layers: [Layer], keptValues: Set<String>) {
    self.layers = layers
    for name in layers.flatMap(\.node.inputs) + keptValues { readers[name, default: 0] += 1 }
  }

  /// How often a value is read.
  func readers(of name: String) -> Int { readers[name] ?? 0 }

  /// The layers from `index` on, up to the first that reads anything but just the one before it.
  func chain(from index: Int) -> ArraySlice<Layer> {
    var end = index + 1
    while end < layers.count, layers[end].node.inputs == [layers[end - 1].node.name],
      readers(of: layers[end - 1].node.name) == 1
    {
      end += 1
    }
    return layers[index..<end]
  }
}
