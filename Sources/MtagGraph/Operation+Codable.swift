import MtagCore

/// In files an operator is an object with one key: `{"convolution": {…}}`, `{"activation": "relu"}`, `{"linear": 128}`,
/// `{"globalAveragePool": {}}`.
extension Operation: Codable {
  private enum Kind: String, CodingKey, CaseIterable {
    case convolution, batchNorm, activation, maxPool, globalAveragePool, dropout, linear
  }

  private struct NoAttributes: Codable {}

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Reads the one key and its attributes; values are checked by `Graph`.
  /// - Throws: `MtagError` (usage) for an operator that is not known.
  public init(from decoder: any Decoder) throws {
    let names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue).sorted()
    guard names.count == 1, let name = names.first, let kind = Kind(rawValue: name) else {
      let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw MtagError(.usage, "operator \(names) is not known; known: \(known)")
    }
    let container = try decoder.container(keyedBy: Kind.self)
    switch kind {
    case .convolution: self = .convolution(try container.decode(Convolution.self, forKey: kind))
    case .batchNorm: self = .batchNorm(try container.decode(BatchNorm.self, forKey: kind))
    case .activation: self = .activation(try container.decode(Activation.self, forKey: kind))
    case .maxPool: self = .maxPool(try container.decode(Pool.self, forKey: kind))
    case .globalAveragePool: self = .globalAveragePool
    case .dropout: self = .dropout(rate: try container.decode(Float.self, forKey: kind))
    case .linear: self = .linear(features: try container.decode(Int.self, forKey: kind))
    }
  }

  /// Writes the one key and its attributes.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Kind.self)
    switch self {
    case .convolution(let attributes): try container.encode(attributes, forKey: .convolution)
    case .batchNorm(let attributes): try container.encode(attributes, forKey: .batchNorm)
    case .activation(let function): try container.encode(function, forKey: .activation)
    case .maxPool(let attributes): try container.encode(attributes, forKey: .maxPool)
    case .globalAveragePool: try container.encode(NoAttributes(), forKey: .globalAveragePool)
    case .dropout(let rate): try container.encode(rate, forKey: .dropout)
    case .linear(let features): try container.encode(features, forKey: .linear)
    }
  }
}
