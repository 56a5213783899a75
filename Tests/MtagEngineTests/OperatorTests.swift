import Foundation
import MtagCore
import MtagEngine
import MtagGraph
import MtagKernels
import MtagTestSupport
import Testing

/// Single operators against PyTorch, at every level; Tools/fixtures/operators.py makes the vectors.
@Suite struct OperatorTests {
  /// One operator with its tensors, from a fixture of Tests/Fixtures/operators.
  struct Oracle {
    let operation: MtagGraph.Operation
    let tensors: [String: (shape: [Int], values: [Float])]

    /// All operators of a file, by name.
    static func load(_ file: String) throws -> [String: Oracle] {
      let fixture = try Fixture.load("operators/\(file)")
      return try fixture.group("kinds").mapValues { kind in
        let kind = try #require(kind as? [String: Any])
        let operation = try JSONSerialization.data(withJSONObject: #require(kind["operation"]))
        let tensors = try #require(kind["tensors"] as? [String: [String: Any]])
        return Oracle(
          operation: try JSONDecoder().decode(MtagGraph.Operation.self, from: operation),
          tensors: try tensors.mapValues { place in
            let offset = try #require(place["offset"] as? Int)
            let shape = try #require(place["shape"] as? [Int])
            return (shape, Array(fixture.values[offset..<(offset + shape.reduce(1, *))]))
          })
      }
    }

    /// The inputs' shapes, in order.
    var inputs: [TensorShape] {
      (0..<tensors.keys.count { $0.hasPrefix("input") && !$0.contains("Gradient") }).compactMap {
        tensors["input\($0)"].map {
          TensorShape(batch: $0.shape[0], bands: $0.shape[1], frames: $0.shape[2], channels: $0.shape[3])
        }
      }
    }

    func run(level: String, threads: Int) throws -> LoneStep {
      let layer = try LoneStep(
        operation, inputs: inputs, threads: threads, kernels: Kernels.table(level: level))
      var weights = layer.weights
      for parameter in weights.parameters {
        let name = String(parameter.name.dropFirst("layer.".count))
        weights[parameter.name] = try #require(tensors[name]).values
      }
      layer.weights = weights
      for index in inputs.indices { layer.setInput(index, try #require(tensors["input\(index)"]).values) }
      layer.setOutputGradient(try #require(tensors["outputGradient"]).values)
      layer.forward()
      let output = layer.output
      #expect(layer.outputShape.count == output.count)
      layer.backward()
      return layer
    }
  }

  static let files = ["pointwise", "pools", "shapes", "norms"]

  @Test("output and gradients are PyTorch's", arguments: Kernels.available, files)
  func matchesPyTorch(_ level: String, _ file: String) throws {
    for (name, oracle) in try Oracle.load(file) {
      let layer = try oracle.run(level: level, threads: 2)
      func check(_ found: [Float], _ tensor: String) throws {
        let expected = try #require(oracle.tensors[tensor]).values
        let error = relativeError(found, expected.map(Double.init))
        #expect(error <= 4e-6, "\(name): \(tensor) differs by \(error)")
      }
      try check(layer.output, "output")
      for index in oracle.inputs.indices { try check(layer.inputGradient(index), "inputGradient\(index)") }
      for parameter in layer.weights.parameters where parameter.isTrained {
        let gradient = try #require(layer.weightGradients[parameter.name])
        try check(gradient, parameter.name.dropFirst("layer.".count) + "Gradient")
      }
      #expect(layer.hasCleanPadding, "\(name): padding is not zero")
    }
  }

  @Test("same bytes at any number of threads", arguments: Kernels.available, files)
  func threads(_ level: String, _ file: String) throws {
    for (name, oracle) in try Oracle.load(file) {
      func bytes(_ threads: Int) throws -> [[UInt32]] {
        let layer = try oracle.run(level: level, threads: threads)
        let gradients = oracle.inputs.indices.map { layer.inputGradient($0) }
        return ([layer.output, layer.weightGradients.values] + gradients).map { $0.map(\.bitPattern) }
      }
      let one = try bytes(1)
      for threads in [2, 3, 8] { #expect(try bytes(threads) == one, "\(name): \(threads) threads") }
    }
  }

  @Test("in inference a batch norm per band uses the running statistics", arguments: Kernels.available)
  func runningStatistics(_ level: String) throws {
    let shape = TensorShape(batch: 2, bands: 3, frames: 4, channels: 1)
    let layer = try LoneStep(
      .batchNorm(.init(axis: .bands)), inputs: [shape], isTraining: false, threads: 1,
      kernels: Kernels.table(level: level))
    var weights = layer.weights
    weights["layer.weight"] = [1, 2, 3]
    weights["layer.bias"] = [0, 0.5, -0.5]
    weights["layer.running_mean"] = [1, -1, 2]
    weights["layer.running_var"] = [4, 1, 0.25]
    layer.weights = weights
    let x = (0..<shape.count).map { Float($0) / 8 }
    layer.setInput(0, x)
    layer.forward()
    let expected = x.indices.map { index -> Float in
      let band = index / 4 % 3
      let variance = ([4, 1, 0.25] as [Float])[band] + 1e-5
      return (x[index] - ([1, -1, 2] as [Float])[band]) / variance.squareRoot() * Float(band + 1)
        + ([0, 0.5, -0.5] as [Float])[band]
    }
    expectClose(layer.output, expected, absolute: 1e-5)
  }
}
