import Foundation
import MtagCore
import MtagEngine
import MtagGraph
import MtagModels

/// Tensors that PyTorch computed: Tests/Fixtures/README.md says what the files hold, Tools/fixtures/engine.py makes them.
struct PyTorchTensors: Decodable {
  struct Tensor: Decodable {
    let name: String
    let offset: Int
    let count: Int
    let stride: Int
  }

  let tensors: [Tensor]
  private var values: [Float] = []

  private enum CodingKeys: CodingKey { case tensors }

  static func sidecar(_ name: String) throws -> Data {
    try Data(contentsOf: folder.appending(path: "\(name).json"))
  }

  static func load(_ name: String) throws -> PyTorchTensors {
    var result = try JSONDecoder().decode(PyTorchTensors.self, from: sidecar(name))
    let data = try Data(contentsOf: folder.appending(path: "\(name).f32"))
    result.values = data.withUnsafeBytes { bytes in
      (0..<(bytes.count / 4)).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
      }
    }
    return result
  }

  func tensor(_ name: String) throws -> [Float] {
    guard let tensor = tensors.first(where: { $0.name == name }) else {
      throw MtagError(.badData, "the oracle has no tensor \(name)")
    }
    return Array(values[tensor.offset..<(tensor.offset + tensor.count)])
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Fixtures/engine")
}

/// Ten training steps that PyTorch made, with what is needed to repeat them.
struct PyTorchRun: Decodable {
  struct Network: Decodable {
    let widths: [Int]
    let hidden: Int
    let seed: UInt64
  }

  struct Parameters: Decodable {
    let network: Network
    let labels: Int
    let loss: String
    let labelSmoothing: Float
    let optimizer: String
    let learningRate: Float
    let momentum: Float?
    let weightDecay: Float
    let gradientClip: Float?
  }

  let parameters: Parameters

  static func load(_ name: String) throws -> PyTorchRun {
    try JSONDecoder().decode(PyTorchRun.self, from: PyTorchTensors.sidecar(name))
  }

  var lossFunction: LossFunction {
    parameters.loss == "cross-entropy"
      ? .crossEntropy(labelSmoothing: parameters.labelSmoothing) : .binaryCrossEntropy
  }

  var optimizer: OptimizerConfiguration {
    let decay = parameters.weightDecay
    switch parameters.optimizer {
    case "sgd": return .sgd(momentum: parameters.momentum ?? 0, weightDecay: decay)
    case "adam": return .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: decay)
    default: return .adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: decay)
    }
  }

  // MARK: - The numbers both sides make

  static let batch = 4
  static let bands = 32
  static let frames = 48

  func graph() throws -> Graph {
    var architecture = CNN4()
    architecture.widths = parameters.network.widths
    architecture.hidden = parameters.network.hidden
    architecture.dropout = 0
    return try architecture.graph(bands: Self.bands, labels: parameters.labels)
  }

  func initialWeights(_ graph: Graph) throws -> Weights {
    Weights(initializing: try graph.parameters(), seed: parameters.network.seed)
  }

  static func inputs(seed: UInt64, count: Int) -> [Float] {
    var generator = SplitMix64(state: seed)
    return (0..<count).map { _ in Float(Int(generator.next() >> 40) - (1 << 23)) * 0x1p-22 }
  }

  static func classTargets(step: Int, labels: Int) -> [Float] {
    var generator = SplitMix64(state: UInt64(2000 + step))
    return (0..<batch).flatMap { _ in
      let label = Int(generator.next() % UInt64(labels))
      return (0..<labels).map { $0 == label ? Float(1) : 0 }
    }
  }

  static func binaryTargets(step: Int, labels: Int) -> [Float] {
    var generator = SplitMix64(state: UInt64(2000 + step))
    return (0..<(batch * labels)).map { _ in generator.next() >> 62 == 0 ? 1 : 0 }
  }
}
