import MtagCore
import MtagGraph
import MtagModel

/// A model's weights as they go into the file: all of them as they are, or batch norms folded into what stands before them, or
/// matrices rounded to 16 bits.
struct ParameterStore {
  private let weights: Weights
  private let shapes: [String: [Int]]
  private let halves: Bool
  /// What takes the place of a weight.
  private var changed: [String: [Float]] = [:]
  /// Batch norms that are folded away.
  private(set) var foldedNorms: Set<String> = []

  init(_ model: Model, options: ONNXOptions) throws {
    weights = model.weights
    shapes = Dictionary(uniqueKeysWithValues: model.weights.parameters.map { ($0.name, $0.shape) })
    halves = options.halvesWeights
    if options.foldsBatchNorms { fold(model.graph) }
  }

  /// A weight's values.
  func values(_ name: String) -> ArraySlice<Float> {
    if let values = changed[name] { return values[...] }
    guard let range = weights.range(of: name) else {
      preconditionFailure("the model was validated, yet has no \(name)")
    }
    return weights.values[range]
  }

  /// Whether there is a weight of this name, be it that folding made it.
  func has(_ name: String) -> Bool { changed[name] != nil || shapes[name] != nil }

  /// Stores a weight under its own name.
  /// - Returns: what to read.
  func store(_ name: String, in builder: inout ProgramBuilder) -> String {
    let values = values(name)
    return store(name, shape: shapes[name] ?? [values.count], values, isReserved: true, in: &builder)
  }

  /// Stores a tensor made of weights, rounded as weights are.
  /// - Returns: what to read.
  func store(
    _ name: String, shape: [Int], _ values: ArraySlice<Float>, isReserved: Bool = false,
    in builder: inout ProgramBuilder
  ) -> String {
    let isHalf =
      halves && shape.count > 1 && values.allSatisfy { $0.magnitude <= HalfFloat.largest }
    let stored: ProgramTensor.Values = isHalf ? .half(values.map(HalfFloat.pattern)) : .single(values)
    var tensor = name
    if isReserved {
      builder.storeReserved(name, shape: shape, stored)
    } else {
      tensor = builder.store(name, shape: shape, stored)
    }
    return isHalf ? builder.add("Cast", "\(tensor).single", [tensor], ["to": .integer(1)]) : tensor
  }

  // MARK: - Folding

  /// Folds each batch norm whose input is a convolution or linear layer that nothing else reads.
  private mutating func fold(_ graph: Graph) {
    let nodes = Dictionary(uniqueKeysWithValues: graph.nodes.map { ($0.name, $0) })
    var readers: [String: Int] = [:]
    for input in graph.nodes.flatMap(\.inputs) { readers[input, default: 0] += 1 }
    for norm in graph.nodes {
      guard case .batchNorm(let attributes) = norm.operation, attributes.axis == .channels,
        let before = norm.inputs.first, readers[before] == 1, let node = nodes[before],
        before != graph.embeddingName
      else { continue }
      switch node.operation {
      case .convolution, .linear: break
      default: continue
      }
      fold(norm.name, epsilon: attributes.epsilon, into: node.name)
    }
  }

  /// `w' = w · s`, `b' = (b − mean) · s + shift` with `s = scale / √(variance + ε)`, in double precision.
  private mutating func fold(_ norm: String, epsilon: Float, into name: String) {
    let weight = values("\(name).weight")
    let bias = has("\(name).bias") ? values("\(name).bias").map(Double.init) : []
    let parts = ["weight", "bias", "running_mean", "running_var"].map {
      values("\(norm).\($0)").map(Double.init)
    }
    let (scale, shift, mean, variance) = (parts[0], parts[1], parts[2], parts[3])
    let factors = zip(scale, variance).map { $0 / ($1 + Double(epsilon)).squareRoot() }
    let size = weight.count / factors.count
    changed["\(name).weight"] = weight.enumerated().map { Float(Double($1) * factors[$0 / size]) }
    changed["\(name).bias"] = factors.indices.map {
      Float(((bias.isEmpty ? 0 : bias[$0]) - mean[$0]) * factors[$0] + shift[$0])
    }
    foldedNorms.insert(norm)
  }
}
