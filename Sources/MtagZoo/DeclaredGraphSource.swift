import MtagCore
import MtagGraph
import MtagPlugins
import MtagTraining

/// A declared architecture with its settings chosen.
struct DeclaredGraphSource: GraphSource {
  private let declared: DeclaredArchitecture
  private let settings: [String: DeclaredValue]

  var name: String { declared.card.name }

  /// - Throws: `MtagError` (usage) for a setting of the wrong kind.
  init(_ declared: DeclaredArchitecture, settings: [String: JSONValue]) throws {
    self.declared = declared
    var values: [String: DeclaredValue] = [:]
    for (name, value) in settings {
      guard let value = DeclaredValue(value) else {
        throw MtagError(.usage, "\(declared.card.name): setting '\(name)' cannot be \(try value.text())")
      }
      values[name] = value
    }
    self.settings = try declared.checked(values)
  }

  func graph(bands: Int, channels: Int, labels: Int) throws -> Graph {
    try declared.graph(bands: bands, channels: channels, labels: labels, settings: settings)
  }
}

extension DeclaredValue {
  /// The same value as JSON.
  var json: JSONValue {
    switch self {
    case .bool(let value): .bool(value)
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .text(let value): .string(value)
    case .list(let values): .array(values.map(\.json))
    }
  }

  /// A value of JSON; nil for nothing and for objects.
  init?(_ value: JSONValue) {
    switch value {
    case .bool(let value): self = .bool(value)
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .number(value)
    case .string(let value): self = .text(value)
    case .array(let values):
      let inner = values.compactMap(DeclaredValue.init)
      guard inner.count == values.count else { return nil }
      self = .list(inner)
    case .null, .object: return nil
    }
  }
}
