import Foundation
import MtagCore
import MtagFeatures
import MtagGraph
import MtagModel
import MtagTestSupport
import Testing

/// Files in the right format that are not the model they say they are.
@Suite struct ForeignModelTests {
  @Test("missing and unexpected tensors are listed")
  func names() throws {
    let error = try loadChanged(tensors: { tensors in
      tensors["hidden.bias"] = nil
      tensors["fc.bias"] = ([1], [0])
    })
    #expect(error.message.contains("missing 'hidden.bias', unexpected 'fc.bias'"), "\(error.message)")
    #expect(error.kind == .badData)
  }

  @Test("a tensor of another shape is named with both shapes")
  func shape() throws {
    let error = try loadChanged(tensors: { $0["hidden.weight"] = ([6, 3], [Float](repeating: 0, count: 18)) })
    #expect(error.message.contains("'hidden.weight' has the shape [6, 3], not [3, 6]"), "\(error.message)")
  }

  @Test("a feature spec that is not the one its hash names is refused")
  func specHash() throws {
    let error = try loadChanged(metadata: { texts in
      texts["feature_spec"] = texts["feature_spec"]?.replacing("\"hopLength\":256", with: "\"hopLength\":128")
    })
    #expect(error.message.contains("SHA-256"), "\(error.message)")
    #expect(error.message.contains(try SampleModel.make().featureSpec.sha256()))
  }

  @Test(
    "a header without what a model needs is refused, naming the key",
    arguments: [
      "format", "graph", "feature_spec", "feature_spec_sha256", "labels", "standardization", "multi_label",
      "chunk_frames", "card",
    ])
  func lacking(key: String) throws {
    let error = try loadChanged(metadata: { $0[key] = nil })
    #expect(error.kind == .badData)
    #expect(error.message.contains(key == "feature_spec_sha256" ? "SHA-256" : key), "\(error.message)")
  }

  @Test(
    "values that no model has are refused",
    arguments: [
      ("format", "mtag-zoo/2"), ("format", "pt"), ("multi_label", "maybe"), ("chunk_frames", "1e9"),
      ("chunk_frames", "-4"), ("chunk_frames", "99999999999999999999"), ("labels", #"["a"]"#),
      ("labels", "7"),
      ("standardization", #"{"mean":0,"deviation":0}"#), ("standardization", #"{"mean":0}"#), ("card", "[]"),
      ("graph", "{}"), ("graph", String(repeating: "[", count: 100_000)),
      (
        "graph",
        #"{"name":"x","inputBands":16,"inputChannels":1,"nodes":[{"name":"a","inputs":["input"],"#
          + #""operation":{"linear":-2}}]}"#
      ),
      (
        "graph",
        #"{"name":"x","inputBands":16,"inputChannels":1,"nodes":[{"name":"p","inputs":["input"],"#
          + #""operation":{"globalAveragePool":{}}},{"name":"a","inputs":["p"],"operation":{"linear":65536}},"#
          + #"{"name":"b","inputs":["a"],"operation":{"linear":65536}}]}"#
      ),
    ])
  func values(key: String, text: String) throws {
    let error = try loadChanged(metadata: { $0[key] = text })
    #expect(error.kind == .badData)
    #expect(error.message.contains("changed.safetensors"))
    #expect(!error.message.contains("\n"))
  }

  @Test("a NaN among the weights is refused, naming the tensor")
  func notANumber() throws {
    let error = try loadChanged(tensors: { $0["logits.bias"] = ([2], [0, .nan]) })
    #expect(error.kind == .badData)
    #expect(error.message.contains("'logits.bias' holds NaN"), "\(error.message)")
  }

  @Test("a file with damaged bytes is loaded or refused, and never a crash")
  func damagedBytes() throws {
    let folder = try TemporaryFolder()
    try SampleModel.make().save(to: folder.file("m"))
    let whole = try Data(contentsOf: URL(filePath: folder.file("m")))
    var random = RandomGenerator(seed: 1)
    // Nearly all of the header; the rest are weights, which may be any number.
    let headerBytes = whole.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    var refused = 0
    for _ in 0..<400 {
      var data = whole
      for _ in 0...random.index(below: 3) {
        data[random.index(below: 8 + headerBytes)] = UInt8(random.index(below: 256))
      }
      try data.write(to: URL(filePath: folder.file("x")))
      do {
        _ = try Model.load(folder.file("x"))
      } catch let error as MtagError {
        #expect(error.message.contains(folder.file("x")))
        refused += 1
      }
    }
    #expect(refused > 300)
  }

  // MARK: - Helpers

  typealias Tensors = [String: (shape: [Int], values: [Float])]

  /// Saves a sample model, rewrites its file with changes, and returns the error of loading that.
  private func loadChanged(
    metadata change: (inout [String: String]) -> Void = { _ in },
    tensors changeTensors: (inout Tensors) -> Void = { _ in }
  ) throws -> MtagError {
    let folder = try TemporaryFolder()
    try SampleModel.make().save(to: folder.file("m"))
    let file = try SafetensorsReader(path: folder.file("m"))
    var texts = file.metadata
    var tensors: Tensors = [:]
    for tensor in file.tensors { tensors[tensor.name] = (tensor.shape, try file.values(tensor)) }
    change(&texts)
    changeTensors(&tensors)
    var writer = SafetensorsWriter()
    for (key, text) in texts { writer.set(key, text) }
    for (name, tensor) in tensors { writer.add(name, shape: tensor.shape, values: tensor.values[...]) }
    try writer.write(to: folder.file("changed.safetensors"))
    let path = folder.file("changed.safetensors")
    return try #require(throws: MtagError.self) { try Model.load(path) }
  }
}
