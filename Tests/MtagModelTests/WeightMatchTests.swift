import Foundation
import MtagCore
import MtagGraph
import MtagModel
import MtagTestSupport
import Testing

/// Weights of other programs find their places by name, and nothing goes anywhere in silence.
@Suite struct WeightMatchTests {
  private static let parameters = [
    Parameter("conv.weight", [4, 1, 3, 3], .uniform(1)), Parameter("conv.bias", [4], .uniform(1)),
    Parameter("norm.running_var", [4], .constant(1), isTrained: false),
    Parameter("attention.in_proj.weight", [12, 4], .uniform(1)),
    Parameter("cls_token.weight", [1, 4], .uniform(1)),
    Parameter("fc.weight", [3, 4], .uniform(1)), Parameter("fc.bias", [3], .uniform(1)),
  ]

  private static func match(
    _ sources: [(String, [Int])], head: String? = "fc", axes: KernelAxes = .bandsFrames
  )
    -> WeightMatch
  {
    WeightMatch(
      parameters: parameters, sources: sources.map { .init(name: $0.0, shape: $0.1) }, head: head, axes: axes)
  }

  private static func outcome(_ match: WeightMatch, _ name: String) -> WeightMatch.Outcome? {
    match.rows.first { $0.parameter.name == name }?.outcome
  }

  @Test("names of a state_dict match through prefixes, in_proj_weight and bare parameters")
  func names() {
    let match = Self.match([
      ("module.model.conv.weight", [4, 1, 3, 3]), ("module.model.conv.bias", [4]),
      ("module.model.norm.running_var", [4]), ("module.model.norm.num_batches_tracked", []),
      ("module.model.attention.in_proj_weight", [12, 4]), ("module.model.cls_token", [1, 1, 4]),
      ("module.model.fc.weight", [3, 4]), ("module.model.fc.bias", [3]), ("spectrogram.window", [512]),
    ])
    #expect(match.prefix == "module.model." && match.takenCount == 7)
    #expect(match.unused.map(\.name) == ["spectrogram.window"])
    #expect(
      Self.outcome(match, "cls_token.weight")
        == .reshaped(.init(name: "module.model.cls_token", shape: [1, 1, 4])))
    #expect(
      Self.outcome(match, "attention.in_proj.weight")
        == .taken(.init(name: "module.model.attention.in_proj_weight", shape: [12, 4])))
  }

  @Test("a whole name wins over one that loses the prefix")
  func ambiguous() {
    let match = Self.match([
      ("model.conv.weight", [4, 1, 3, 3]), ("conv.weight", [4, 1, 3, 3]), ("model.conv.bias", [4]),
      ("model.norm.running_var", [4]),
    ])
    #expect(Self.outcome(match, "conv.weight") == .taken(.init(name: "conv.weight", shape: [4, 1, 3, 3])))
    #expect(match.unused.map(\.name) == ["model.conv.weight"])
  }

  @Test(
    "shapes that hold the same fit, others are left alone and said",
    arguments: [
      ([3, 4], true), ([3, 4, 1, 1], true), ([3, 4, 1], true), ([3, 2, 2], true), ([3, 1, 2, 2], true),
      ([4, 3], false), ([12], false), ([3, 5], false), ([3, .max, .max], false), ([], false),
      ([3, 4, 0], false),
    ])
  func shapes(_ shape: [Int], _ fits: Bool) {
    let match = WeightMatch(
      parameters: [Parameter("fc.weight", [3, 4], .uniform(1))],
      sources: [.init(name: "fc.weight", shape: shape)])
    #expect(match.takenCount == (fits ? 1 : 0))
    if !fits { #expect(match.rows[0].outcome == .otherShape(.init(name: "fc.weight", shape: shape))) }
  }

  @Test("a head for other labels stays fresh, also if the file has as many")
  func head() {
    let tensors = [("conv.bias", [4]), ("fc.weight", [50, 4, 1, 1]), ("fc.bias", [50])]
    let match = Self.match(tensors)
    #expect(Self.outcome(match, "fc.weight") == .newHead(.init(name: "fc.weight", shape: [50, 4, 1, 1])))
    #expect(
      Self.outcome(match, "fc.bias") == .newHead(.init(name: "fc.bias", shape: [50])) && match.takenCount == 1
    )
    #expect(
      Self.outcome(Self.match(tensors, head: nil), "fc.bias")
        == .otherShape(.init(name: "fc.bias", shape: [50])))
    let same = WeightMatch(
      parameters: Self.parameters, sources: [.init(name: "fc.bias", shape: [3])], head: "fc",
      isHeadReplaced: true)
    #expect(same.takenCount == 0)
  }

  @Test("kernels stored as [frames, bands] are turned, and fit only then")
  func axes() throws {
    let parameter = Parameter("conv.weight", [1, 2, 2, 3], .uniform(1))
    let source = WeightMatch.Source(name: "conv.weight", shape: [1, 2, 3, 2])
    #expect(WeightMatch(parameters: [parameter], sources: [source]).takenCount == 0)
    let match = WeightMatch(parameters: [parameter], sources: [source], axes: .framesBands)
    var weights = Weights(parameters: [parameter])
    try match.apply(to: &weights) { _ in (0..<12).map(Float.init) }
    #expect(weights.values == [0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11])
  }

  @Test("integers are no weights, and numbers that no network can use are refused with the tensor's name")
  func values() throws {
    let integer = WeightMatch.Source(name: "conv.bias", shape: [4], type: "I64", isFloat: false)
    #expect(WeightMatch(parameters: Self.parameters, sources: [integer]).unused == [integer])
    for (name, value) in [("conv.bias", Float.nan), ("conv.bias", .infinity), ("norm.running_var", -1)] {
      var weights = Weights(parameters: Self.parameters)
      let error = try #require(throws: MtagError.self) {
        try Self.match([(name, [4])]).apply(to: &weights) { _ in [0, 0, value, 0] }
      }
      #expect(error.kind == .badData && error.message.contains("'\(name)'"), "\(error.message)")
    }
  }

  @Test("a file of another program gives its values, without what belongs to an optimizer")
  func file() throws {
    let folder = try TemporaryFolder()
    var writer = SafetensorsWriter()
    writer.add("net.conv.bias", shape: [4], values: [1, 2, 3, 4])
    writer.add("optimizer.m", shape: [1], values: [9])
    try writer.write(to: folder.file("a.safetensors"))
    let file = try WeightFile(path: folder.file("a.safetensors"))
    #expect(!file.isModel && file.tensors.map(\.name) == ["net.conv.bias"])
    let match = WeightMatch(parameters: Self.parameters, sources: file.tensors)
    var weights = Weights(parameters: Self.parameters)
    try match.apply(to: &weights) { try file.values($0) }
    #expect(weights["conv.bias"] == [1, 2, 3, 4] && match.prefix == "net." && match.takenCount == 1)
    try SampleModel.make().save(to: folder.file("ours.safetensors"))
    #expect(try WeightFile(path: folder.file("ours.safetensors")).isModel)
  }
}
