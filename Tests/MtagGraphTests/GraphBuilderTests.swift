import MtagCore
import MtagGraph
import MtagModels
import Testing

@Suite struct GraphBuilderTests {
  @Test("what is written line by line is what stands in the graph")
  func builds() throws {
    var builder = GraphBuilder(name: "tiny", inputBands: 12, inputChannels: 2)
    var x = builder.convolution(builder.input, "conv", channels: 4, kernel: 5, stride: 2)
    x = builder.batchNorm(x, "norm")
    x = builder.globalAveragePool(builder.maxPool(builder.relu(x, "relu"), "small", size: 2), "pool")
    _ = builder.linear(builder.dropout(x, "drop", rate: 0.5), "logits", features: 3)
    let graph = try builder.finish()
    #expect(graph.nodes.map(\.name) == ["conv", "norm", "relu", "small", "pool", "drop", "logits"])
    #expect(
      graph.nodes.map(\.inputs) == [["input"], ["conv"], ["norm"], ["relu"], ["small"], ["pool"], ["drop"]])
    guard case .convolution(let attributes) = graph.nodes[0].operation else {
      Issue.record("the first node is no convolution")
      return
    }
    #expect(attributes.padding == .init(2, 2))
    #expect(attributes.hasBias)
    #expect(try graph.labelCount() == 3)
    #expect(
      try graph.parameters().map(\.name) == [
        "conv.weight", "conv.bias", "norm.weight", "norm.bias", "norm.running_mean", "norm.running_var",
        "logits.weight", "logits.bias",
      ])
  }

  @Test("a name used twice is refused when the graph is finished")
  func duplicate() throws {
    var builder = GraphBuilder(name: "tiny", inputBands: 12)
    let x = builder.relu(builder.input, "a")
    _ = builder.relu(x, "a")
    let error = try #require(throws: MtagError.self) { try builder.finish() }
    #expect(error.message == "tiny: two nodes are named 'a'")
  }
}
