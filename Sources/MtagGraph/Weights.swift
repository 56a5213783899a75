import MtagCore

/// The values of a graph's parameters: one flat array, with a named place for each tensor.
public struct Weights: Sendable, Hashable {
  /// The tensors in order; tensor `i` holds `values[offsets[i] ..< offsets[i] + parameters[i].count]`.
  public let parameters: [Parameter]
  /// Where each tensor starts.
  public let offsets: [Int]
  /// All values, each tensor row-major in its own shape.
  public var values: [Float]
  private let indexByName: [String: Int]

  /// Zeros for every parameter.
  public init(parameters: [Parameter]) {
    self.parameters = parameters
    var offsets: [Int] = []
    var total = 0
    for parameter in parameters {
      offsets.append(total)
      total += parameter.count
    }
    self.offsets = offsets
    self.values = [Float](repeating: 0, count: total)
    self.indexByName = Dictionary(uniqueKeysWithValues: parameters.enumerated().map { ($1.name, $0) })
  }

  /// Fresh weights, as each parameter's initializer says. Every tensor has a generator of its own, seeded by `seed` and
  /// the tensor's place, so that changing one layer leaves the others' start alone.
  public init(initializing parameters: [Parameter], seed: UInt64) {
    self.init(parameters: parameters)
    for (index, parameter) in parameters.enumerated() {
      var random = RandomGenerator(seed: seed, stream: UInt64(index))
      for position in range(at: index) {
        switch parameter.initializer {
        case .constant(let value): values[position] = value
        case .uniform(let bound): values[position] = random.uniform(-bound, bound)
        case .normal(let deviation): values[position] = deviation * random.truncatedNormal()
        }
      }
    }
  }

  /// The place of tensor `index` in `values`.
  public func range(at index: Int) -> Range<Int> {
    offsets[index]..<(offsets[index] + parameters[index].count)
  }

  /// The place of a named tensor, or nil if there is none.
  public func range(of name: String) -> Range<Int>? { indexByName[name].map { range(at: $0) } }

  /// The values of a named tensor; nil if there is none. Setting needs the same count.
  public subscript(name: String) -> [Float]? {
    get { range(of: name).map { Array(values[$0]) } }
    set {
      guard let range = range(of: name), let newValue else { return }
      precondition(
        newValue.count == range.count, "\(name) holds \(range.count) values, not \(newValue.count)")
      values.replaceSubrange(range, with: newValue)
    }
  }
}
