import MtagCore

/// In files an operator is an object with one key: `{"convolution": {…}}`, `{"activation": "relu"}`, `{"linear": 128}`,
/// `{"globalAveragePool": {}}`.
extension Operation: Codable {
  private enum Kind: String, CodingKey, CaseIterable {
    case convolution, batchNorm, layerNorm, activation, softmax, maxPool, averagePool, adaptivePool
    case globalAveragePool, reduce, dropout, linear, add, multiply, concatenate, flatten, select, tokens
    case positions, recurrent, attention, harmonicFilter, decibel
  }

  private struct NoAttributes: Codable {}

  /// A linear layer without bias; with one it is just a number.
  private struct LinearAttributes: Codable {
    let features: Int
    let hasBias: Bool
  }

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
    func value<Value: Decodable>() throws -> Value { try container.decode(Value.self, forKey: kind) }
    switch kind {
    case .convolution: self = .convolution(try value())
    case .batchNorm: self = .batchNorm(try value())
    case .layerNorm: self = .layerNorm(epsilon: try value())
    case .activation: self = .activation(try value())
    case .softmax: self = .softmax(axis: try value())
    case .maxPool: self = .maxPool(try value())
    case .averagePool: self = .averagePool(try value())
    case .adaptivePool: self = .adaptivePool(try value())
    case .globalAveragePool: self = .globalAveragePool
    case .reduce: self = .reduce(try value())
    case .dropout: self = .dropout(rate: try value())
    case .linear: self = try Self.linear(from: container, kind)
    case .add: self = .add
    case .multiply: self = .multiply
    case .concatenate: self = .concatenate(axis: try value())
    case .flatten: self = .flatten(try value())
    case .select: self = .select(frame: try value())
    case .tokens: self = .tokens(count: try value())
    case .positions: self = .positions(try value())
    case .recurrent: self = .recurrent(try value())
    case .attention: self = .attention(heads: try value())
    case .harmonicFilter: self = .harmonicFilter(try value())
    case .decibel: self = .decibel(floor: try value())
    }
  }

  private static func linear(from container: KeyedDecodingContainer<Kind>, _ kind: Kind) throws -> Operation {
    if let attributes = try? container.decode(LinearAttributes.self, forKey: kind) {
      return .linear(features: attributes.features, hasBias: attributes.hasBias)
    }
    return .linear(features: try container.decode(Int.self, forKey: kind))
  }

  /// Writes the one key and its attributes.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Kind.self)
    switch self {
    case .convolution(let attributes): try container.encode(attributes, forKey: .convolution)
    case .batchNorm(let attributes): try container.encode(attributes, forKey: .batchNorm)
    case .layerNorm(let epsilon): try container.encode(epsilon, forKey: .layerNorm)
    case .activation(let function): try container.encode(function, forKey: .activation)
    case .softmax(let axis): try container.encode(axis, forKey: .softmax)
    case .maxPool(let attributes): try container.encode(attributes, forKey: .maxPool)
    case .averagePool(let attributes): try container.encode(attributes, forKey: .averagePool)
    case .adaptivePool(let attributes): try container.encode(attributes, forKey: .adaptivePool)
    case .globalAveragePool: try container.encode(NoAttributes(), forKey: .globalAveragePool)
    case .reduce(let attributes): try container.encode(attributes, forKey: .reduce)
    case .dropout(let rate): try container.encode(rate, forKey: .dropout)
    case .linear(let features, true): try container.encode(features, forKey: .linear)
    case .linear(let features, let hasBias):
      try container.encode(LinearAttributes(features: features, hasBias: hasBias), forKey: .linear)
    case .add: try container.encode(NoAttributes(), forKey: .add)
    case .multiply: try container.encode(NoAttributes(), forKey: .multiply)
    case .concatenate(let axis): try container.encode(axis, forKey: .concatenate)
    case .flatten(let kind): try container.encode(kind, forKey: .flatten)
    case .select(let frame): try container.encode(frame, forKey: .select)
    case .tokens(let count): try container.encode(count, forKey: .tokens)
    case .positions(let extent): try container.encode(extent, forKey: .positions)
    case .recurrent(let attributes): try container.encode(attributes, forKey: .recurrent)
    case .attention(let heads): try container.encode(heads, forKey: .attention)
    case .harmonicFilter(let attributes): try container.encode(attributes, forKey: .harmonicFilter)
    case .decibel(let floor): try container.encode(floor, forKey: .decibel)
    }
  }
}
