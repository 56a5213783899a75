import Foundation
import MtagTestSupport
import MtagZoo

/// What PyTorch computes with a small version of an architecture: Tests/Fixtures/README.md says how both sides make the same weights
/// and inputs, `Tools/fixtures/architectures.py` makes the files.
struct ArchitectureOracle: Decodable {
  struct Tensor: Decodable {
    let name: String
    let shape: [Int]
    /// How many of its gradient's values are kept.
    let probes: Int
    var count: Int { shape.reduce(1, *) }
    /// The places of those values.
    var places: [Int] { (0..<probes).map { $0 * count / probes } }
  }

  /// A gradient as the file has it.
  struct Gradient {
    let tensor: Tensor
    let norm: Float
    /// The sum with signs that the formula makes.
    let signedSum: Float
    let largest: Float
    let values: [Float]
  }

  let model: String
  let configuration: [String: JSONValue]
  let bands: Int
  let frames: Int
  let batch: Int
  let labels: Int
  let seed: UInt64
  let tensors: [Tensor]
  private var values: [Float] = []

  private enum CodingKeys: CodingKey {
    case model, configuration, bands, frames, batch, labels, seed, tensors
  }

  /// Names of all there are.
  static let names: [String] = {
    let folder = Fixture.folder.appending(path: "architectures")
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".f32") }.map { String($0.dropLast(4)) }.sorted()
  }()

  static func load(_ name: String) throws -> ArchitectureOracle {
    let fixture = try Fixture.load("architectures/\(name)")
    let sidecar = Fixture.folder.appending(path: "architectures/\(name).json")
    var result = try JSONDecoder().decode(ArchitectureOracle.self, from: Data(contentsOf: sidecar))
    result.values = fixture.values
    return result
  }

  /// `[batch, labels]` with running statistics, and with the batch's.
  var evaluatedLogits: ArraySlice<Float> { values[..<(batch * labels)] }
  var trainingLogits: ArraySlice<Float> { values[(batch * labels)..<(2 * batch * labels)] }
  var loss: Float { values[2 * batch * labels] }

  var gradients: [Gradient] {
    var offset = 2 * batch * labels + 1
    return tensors.map { tensor in
      defer { offset += 3 + tensor.probes }
      return Gradient(
        tensor: tensor, norm: values[offset], signedSum: values[offset + 1], largest: values[offset + 2],
        values: Array(values[(offset + 3)..<(offset + 3 + tensor.probes)]))
    }
  }

  // MARK: - The network

  /// The small version, without dropout.
  func graph() throws -> Graph {
    let entry = try Zoo().architectures.item(named: model).entry
    var overrides = configuration
    for name in try entry.defaults().keys where name.lowercased().hasSuffix("dropout") {
      overrides[name] = .number(0)
    }
    return try entry.architecture(overrides: overrides).graph(bands: bands, channels: 1, labels: labels)
  }

  func weights(_ graph: Graph) throws -> Weights {
    var weights = Weights(parameters: try graph.parameters())
    for parameter in weights.parameters { weights[parameter.name] = Self.filled(parameter) }
    return weights
  }

  /// `[batch, bands, frames, 1]`
  var inputs: [Float] {
    let values = Self.uniform("input", count: batch * bands * frames, seed: seed)
    return model == "harmonic-cnn" ? values.map { $0 * $0 } : values
  }

  /// Clip i has label i modulo their number.
  var targets: [Float] {
    (0..<batch).flatMap { clip in (0..<labels).map { $0 == clip % labels ? Float(1) : 0 } }
  }

  // MARK: - The formula

  private static func filled(_ parameter: Parameter) -> [Float] {
    let values = uniform(parameter.name, count: parameter.count)
    let kind = parameter.name.split(separator: ".").last.map(String.init) ?? ""
    if kind == "weight", !parameter.isTrained { return values.map { _ in 1 } }
    if parameter.shape.count >= 2 {
      let bound = Float((6 / Double(parameter.shape.dropFirst().reduce(1, *))).squareRoot())
      return values.map { $0 * bound }
    }
    switch kind {
    case "running_var": return values.map { 1 + 0.5 * $0 }
    case "weight", "bw_Q": return values.map { 1 + 0.25 * $0 }
    default: return values.map { 0.125 * $0 }
    }
  }

  /// Multiples of 2⁻²³ in [-1, 1): SplitMix64, seeded by the 64-bit FNV-1a hash of a text plus `seed`.
  static func uniform(_ text: String, count: Int, seed: UInt64 = 0) -> [Float] {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var generator = SplitMix64(state: hash &+ seed)
    return (0..<count).map { _ in Float(Int(generator.next() >> 40) - (1 << 23)) * 0x1p-23 }
  }
}
