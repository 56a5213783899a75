import Foundation
import MtagCore
import MtagEngine
import MtagGraph
import MtagKernels
import MtagTestSupport
import Testing

/// Sequence operators against PyTorch in double precision: Tools/fixtures/sequences.py made the vectors.
@Suite struct SequenceOracleTests {
  static let names = [
    "linear", "linear-wide", "layer-norm", "layer-norm-wide", "gru", "gru-deep", "lstm", "lstm-deep",
    "attention",
    "tokens", "positions", "harmonic",
  ]

  /// PyTorch's own single precision is off by up to 3e-6 here.
  static let gradientError = 1e-5

  /// Tensors of one file and what the operator was.
  private struct Vectors {
    let fixture: Fixture
    let parameters: [String: Any]

    init(_ name: String) throws {
      fixture = try Fixture.load("operators/sequence-\(name)")
      parameters = fixture.group("parameters")
    }

    func tensor(_ name: String) throws -> (shape: [Int], values: [Float]) {
      let entries = fixture.json["tensors"] as? [[String: Any]] ?? []
      let entry = try #require(entries.first { $0["name"] as? String == name })
      let offset = try #require(entry["offset"] as? Int)
      let count = try #require(entry["count"] as? Int)
      return (try #require(entry["shape"] as? [Int]), Array(fixture.values[offset..<(offset + count)]))
    }

    func number(_ name: String) throws -> Int { try #require(parameters[name] as? Int) }

    var input: TensorShape {
      get throws {
        let shape = try tensor("input").shape
        return TensorShape(batch: shape[0], bands: shape[1], frames: shape[2], channels: shape[3])
      }
    }

    var operation: MtagGraph.Operation {
      get throws {
        let name = try #require(parameters["operator"] as? String)
        switch name {
        case "linear":
          return .linear(features: try number("features"), hasBias: try #require(parameters["bias"] as? Bool))
        case "layer-norm": return .layerNorm(epsilon: Float(try #require(parameters["epsilon"] as? Double)))
        case "recurrent":
          let kind: MtagGraph.Operation.Recurrent.Kind = parameters["kind"] as? String == "gru" ? .gru : .lstm
          return .recurrent(
            .init(
              kind, hidden: try number("hidden"), layers: try number("layers"),
              isBidirectional: try #require(parameters["bidirectional"] as? Bool)))
        case "attention": return .attention(heads: try number("heads"))
        case "tokens": return .tokens(count: try number("count"))
        case "positions": return .positions(.init(try input.bands, try number("frames")))
        default:
          return .harmonicFilter(
            .init(
              sampleRateHz: try number("rate"), harmonics: try number("harmonics"), bands: try number("bands")
            ))
        }
      }
    }
  }

  @Test("output and all gradients are PyTorch's", arguments: names, Kernels.available)
  func operators(_ name: String, level: String) throws {
    let vectors = try Vectors(name)
    let layer = try LoneOperator(
      try vectors.operation, input: try vectors.input, threads: 2, kernels: Kernels.table(level: level))
    var weights = layer.weights
    for parameter in weights.parameters {
      let tensor = try vectors.tensor(parameter.name)
      #expect(tensor.shape == parameter.shape, "\(parameter.name)")
      weights[parameter.name] = tensor.values
    }
    layer.weights = weights
    layer.run(
      input: try vectors.tensor("input").values, outputGradient: try vectors.tensor("outputGradient").values)
    #expect(try error(layer.output, vectors, "output") <= 2e-6)
    #expect(try error(layer.inputGradient, vectors, "inputGradient") <= Self.gradientError)
    for parameter in weights.parameters {
      let found = try #require(layer.weightGradients[parameter.name])
      #expect(
        try error(found, vectors, "\(parameter.name)Gradient") <= Self.gradientError, "\(parameter.name)")
    }
  }

  @Test("linear, attention and linear are nn.MultiheadAttention", arguments: Kernels.available)
  func multihead(level: String) throws {
    let vectors = try Vectors("multihead")
    let kernels = try Kernels.table(level: level)
    let input = try vectors.input
    var stacked = input
    stacked.channels *= 3
    let stack = try LoneOperator(
      .linear(features: stacked.channels), input: input, threads: 2, kernels: kernels)
    let attention = try LoneOperator(
      .attention(heads: try vectors.number("heads")), input: stacked, threads: 2, kernels: kernels)
    let projection = try LoneOperator(
      .linear(features: input.channels), input: input, threads: 2, kernels: kernels)
    for (layer, name) in [(stack, "qkv"), (projection, "projection")] {
      var weights = layer.weights
      for kind in ["weight", "bias"] {
        weights["layer.\(kind)"] = try vectors.tensor("\(name).\(kind)").values
      }
      layer.weights = weights
    }
    // Once forward for the values, then backward from the last to the first.
    let x = try vectors.tensor("input").values
    stack.run(input: x, outputGradient: [Float](repeating: 0, count: stacked.count))
    attention.run(input: stack.output, outputGradient: [Float](repeating: 0, count: input.count))
    projection.run(input: attention.output, outputGradient: try vectors.tensor("outputGradient").values)
    attention.run(input: stack.output, outputGradient: projection.inputGradient)
    stack.run(input: x, outputGradient: attention.inputGradient)
    #expect(try error(projection.output, vectors, "output") <= 2e-6)
    #expect(try error(stack.inputGradient, vectors, "inputGradient") <= Self.gradientError)
    for (layer, name) in [(stack, "qkv"), (projection, "projection")] {
      for kind in ["weight", "bias"] {
        let found = try #require(layer.weightGradients["layer.\(kind)"])
        // The keys' biases shift all scores of a query alike: their gradient is nothing but rounding.
        #expect(try error(found, vectors, "\(name).\(kind)Gradient") <= Self.gradientError, "\(name).\(kind)")
      }
    }
  }

  private func error(_ found: [Float], _ vectors: Vectors, _ name: String) throws -> Double {
    relativeError(found, try vectors.tensor(name).values.map(Double.init))
  }
}
