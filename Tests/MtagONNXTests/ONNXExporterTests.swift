import Foundation
import MtagCore
import MtagFeatures
import MtagGraph
import MtagModel
import MtagModels
import MtagONNX
import Testing

@Suite struct ONNXExporterTests {
  @Test("names are unique, every value is defined before it is read, and no stored tensor is left over")
  func wellFormed() throws {
    for model in [try SampleModel.cnn4(), try SampleModel.model(of: SampleModel.mixedGraph())] {
      let contents = try #require(ONNXContents(try ONNXExporter(model: model).data()))
      var defined = Set(contents.initializers.keys).union(contents.inputs.keys)
      #expect(defined.count == contents.initializers.count + 1)
      var read: Set<String> = []
      for node in contents.nodes {
        #expect(defined.isSuperset(of: node.inputs), "\(node.inputs) of \(node.type)")
        read.formUnion(node.inputs)
        for output in node.outputs { #expect(defined.insert(output).inserted, "\(output) twice") }
      }
      #expect(Set(contents.nodes.map(\.name)).count == contents.nodes.count)
      #expect(read.isSuperset(of: contents.initializers.keys))
      #expect(defined.isSuperset(of: ["logits", "scores"]))
    }
  }

  @Test("cnn4 becomes the operators that other programs expect, standardisation first, no dropout")
  func operators() throws {
    let contents = try #require(ONNXContents(try ONNXExporter(model: SampleModel.cnn4()).data()))
    let block = ["Conv", "BatchNormalization", "Relu", "MaxPool"]
    #expect(
      contents.nodes.map(\.type) == ["Sub", "Div"] + block + block
        + ["GlobalAveragePool", "Flatten", "Gemm", "Relu", "Gemm", "Softmax", "Identity"])
    #expect(contents.nodes[2].inputs == ["standardize.quotient", "block1.conv.weight"])
  }

  @Test("convolutions keep stride, padding, dilation and groups")
  func convolutions() throws {
    let model = try SampleModel.model(of: SampleModel.convolutionsGraph())
    let file = try #require(ONNXContents(try ONNXExporter(model: model).data()))
    func numbers(_ name: String) -> [String: [Int]]? { file.nodes.first { $0.name == name }?.numbers }
    #expect(
      numbers("tall") == [
        "kernel_shape": [7, 3], "strides": [2, 1], "pads": [0, 1, 0, 1], "dilations": [1, 1], "group": [1],
      ])
    #expect(
      numbers("dilated") == [
        "kernel_shape": [3, 3], "strides": [1, 1], "pads": [2, 4, 2, 4], "dilations": [2, 4], "group": [1],
      ])
    #expect(numbers("grouped")?["group"] == [4])
    #expect(numbers("depthwise")?["group"] == [24])
    #expect(file.initializers["grouped.weight"]?.shape == [24, 5, 3, 3])
  }

  @Test("batch and time are symbolic, so that any clip length runs")
  func signature() throws {
    let contents = try #require(ONNXContents(try ONNXExporter(model: SampleModel.cnn4()).data()))
    #expect(contents.inputs == ["features": ["batch", "1", "32", "frames"]])
    #expect(
      contents.outputs == [
        "logits": ["batch", "5"], "scores": ["batch", "5"], "embedding": ["batch", "12"],
      ])
  }

  @Test("weights are stored once, in the shapes that PyTorch has")
  func weights() throws {
    let model = try SampleModel.cnn4()
    let contents = try #require(ONNXContents(try ONNXExporter(model: model).data()))
    for parameter in model.weights.parameters {
      #expect(contents.initializers[parameter.name]?.shape == parameter.shape)
      #expect(contents.initializers[parameter.name]?.bytes == parameter.count * 4)
    }
    #expect(contents.initializers.count == model.weights.parameters.count + 2)
  }

  @Test("several labels a clip have sigmoid scores")
  func multiLabel() throws {
    let model = try SampleModel.cnn4(isMultiLabel: true)
    let contents = try #require(ONNXContents(try ONNXExporter(model: model).data()))
    #expect(contents.nodes.first { $0.outputs == ["scores"] }?.type == "Sigmoid")
    #expect(contents.metadata.contains { $0 == ("multi_label", "true") })
  }

  @Test("the metadata says everything a user of the file needs")
  func metadata() throws {
    let model = try SampleModel.cnn4()
    let contents = try #require(ONNXContents(try ONNXExporter(model: model).data()))
    #expect(
      contents.metadata.map(\.key) == [
        "aggregation", "architecture", "card", "chunk_frames", "feature_spec", "feature_spec_sha256",
        "graph", "hop_samples", "input", "labels", "licence", "minimum_frames", "multi_label", "producer",
        "sample_rate_hz", "standardization",
      ])
    let texts = Dictionary(uniqueKeysWithValues: contents.metadata.map { ($0.key, $0.value) })
    let labels = try JSONDecoder().decode([String].self, from: Data((texts["labels"] ?? "").utf8))
    #expect(labels == model.labels)
    #expect(try JSONDecoder().decode(ModelCard.self, from: Data((texts["card"] ?? "").utf8)) == model.card)
    #expect(texts["feature_spec_sha256"] == (try model.featureSpec.sha256()))
    #expect(texts["chunk_frames"] == "128")
    #expect(texts["minimum_frames"] == "4")
  }

  @Test("the same model gives the same bytes, another model others")
  func deterministic() throws {
    let first = try ONNXExporter(model: SampleModel.cnn4()).data()
    for _ in 0..<3 { #expect(try ONNXExporter(model: SampleModel.cnn4()).data() == first) }
    #expect(try ONNXExporter(model: SampleModel.cnn4(seed: 4)).data() != first)
  }

  @Test(
    "each opset that is offered stands in the file with its format version", arguments: ONNXOptions.opsets)
  func opsets(opset: Int) throws {
    let exporter = ONNXExporter(model: try SampleModel.cnn4(), options: ONNXOptions(opset: opset))
    let contents = try #require(ONNXContents(try exporter.data()))
    #expect(contents.opset == opset)
    #expect(contents.formatVersion == [17: 8, 18: 8, 19: 9, 20: 9, 21: 10][opset])
  }

  @Test("another opset is refused by number", arguments: [16, 22, -1])
  func opsetRefused(opset: Int) throws {
    let exporter = ONNXExporter(model: try SampleModel.cnn4(), options: ONNXOptions(opset: opset))
    let error = try #require(throws: MtagError.self) { try exporter.data() }
    #expect(error.message.contains("opset \(opset)"))
    #expect(error.kind == .usage)
  }

  @Test("a model that does not hold together is refused")
  func invalid() throws {
    var model = try SampleModel.cnn4()
    model.labels.removeLast()
    #expect(throws: MtagError.self) { try ONNXExporter(model: model).data() }
    model = try SampleModel.cnn4()
    model.weights.values[5] = .nan
    #expect(throws: MtagError.self) { try ONNXExporter(model: model).data() }
    model = try SampleModel.cnn4()
    model.standardization.deviation = 0
    #expect(throws: MtagError.self) { try ONNXExporter(model: model).data() }
  }

  @Test("a file that cannot be created is an error that names it")
  func cannotWrite() throws {
    let exporter = ONNXExporter(model: try SampleModel.cnn4())
    let error = try #require(throws: MtagError.self) { try exporter.write(to: "/no/such/folder/x.onnx") }
    #expect(error.kind == .cannotCreate)
    #expect(error.message.contains("/no/such/folder/x.onnx"))
  }
}
