import MtagGraph
public import MtagModel

extension ONNXFile {
  /// The file's weights for a network that starts from them: of a file that can be translated under the names and in the shapes
  /// that they have here (matrices turned as PyTorch has them, gates in PyTorch's order), else the stored tensors as they are.
  /// - Returns: what there is, and how its values are read.
  public func weights() -> (sources: [WeightMatch.Source], values: (WeightMatch.Source) throws -> [Float]) {
    let own = (try? OwnFile(self).model()).flatMap { outcome in
      if case .same(let model) = outcome { model.weights } else { nil }
    }
    let known = own ?? (try? translated())?.weights
    if let known {
      let sources = known.parameters.map { WeightMatch.Source(name: $0.name, shape: $0.shape) }
      return (sources, { known[$0.name] ?? [] })
    }
    let stored = tensors.filter { $0.type?.isFloat == true }
    let byName = Dictionary(stored.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let sources = stored.map { WeightMatch.Source(name: $0.name, shape: $0.shape, type: $0.type?.name ?? "") }
    return (
      sources,
      { source in
        guard let tensor = byName[source.name] else { throw bad("it holds no tensor '\(source.name)'") }
        return try floats(tensor)
      }
    )
  }
}
