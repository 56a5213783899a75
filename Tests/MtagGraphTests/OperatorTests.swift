import Foundation
import MtagCore
import MtagGraph
import Testing

/// Shapes, weights and costs of the operators that read or give something else than a map of the same channels.
@Suite struct OperatorTests {
  private func graph(
    bands: Int = 4, channels: Int = 6, _ build: (inout GraphBuilder) -> Void
  ) throws -> Graph {
    var builder = GraphBuilder(name: "test", inputBands: bands, inputChannels: channels)
    build(&builder)
    return try builder.finish()
  }

  @Test(
    "each operator gives the shape that its definition says",
    arguments: [
      (.reduce(.init(.max, over: .bands)), TensorShape(bands: 1, frames: 9, channels: 6)),
      (.reduce(.init(.sum, over: .frames)), TensorShape(bands: 4, frames: 1, channels: 6)),
      (.reduce(.init(.mean, over: .both)), TensorShape(bands: 1, frames: 1, channels: 6)),
      (
        .adaptivePool(.init(function: .max, output: .init(2, 7))),
        TensorShape(bands: 2, frames: 7, channels: 6)
      ),
      (
        .averagePool(.init(kernel: .init(3, 3), stride: .init(2, 2), padding: .init(1, 1))),
        TensorShape(bands: 2, frames: 5, channels: 6)
      ),
      (.flatten(.bandsIntoChannels), TensorShape(bands: 1, frames: 9, channels: 24)),
      (.flatten(.bandsIntoFrames), TensorShape(bands: 1, frames: 36, channels: 6)),
      (.select(frame: -9), TensorShape(bands: 4, frames: 1, channels: 6)),
      (.linear(features: 5, hasBias: false), TensorShape(bands: 4, frames: 9, channels: 5)),
      (.positions(.init(4, 9)), TensorShape(bands: 4, frames: 9, channels: 6)),
      (.softmax(axis: .channels), TensorShape(bands: 4, frames: 9, channels: 6)),
    ] as [(MtagGraph.Operation, TensorShape)])
  func shapes(operation: MtagGraph.Operation, expected: TensorShape) throws {
    let graph = try graph { _ = $0.append("x", operation, $0.input) }
    #expect(try graph.layers(frames: 9).first?.output == expected)
  }

  @Test("recurrent layers have PyTorch's tensors")
  func recurrent() throws {
    let graph = try graph(bands: 1) {
      _ = $0.append("rnn", .recurrent(.init(.lstm, hidden: 5, layers: 2, isBidirectional: true)), $0.input)
    }
    let parameters = try graph.parameters()
    #expect(parameters.count == 16)
    #expect(parameters[4].name == "rnn.weight_ih_l0_reverse" && parameters[4].shape == [20, 6])
    #expect(parameters[8].name == "rnn.weight_ih_l1" && parameters[8].shape == [20, 10])
    #expect(parameters[15].name == "rnn.bias_hh_l1_reverse" && parameters[15].shape == [20])
    #expect(try graph.layers(frames: 3)[0].multiplyAccumulates == 3 * 2 * 20 * (11 + 15))
  }

  @Test("sums and products repeat axes of length 1, and refuse others")
  func broadcasting() throws {
    let fits = try graph {
      let factor = $0.reduce($0.input, "mean", .mean, over: .both)
      _ = $0.multiply("scaled", $0.input, factor)
    }
    #expect(try fits.layers(frames: 9).last?.output == TensorShape(bands: 4, frames: 9, channels: 6))
    let error = try #require(throws: MtagError.self) {
      try graph {
        let pooled = $0.maxPool($0.input, "pool", size: 2)
        _ = $0.add("sum", $0.input, pooled)
      }.layers(frames: 9)
    }
    #expect(error.message.contains("sum"))
  }

  @Test("the shortest and the longest input are those that every node takes")
  func lengths() throws {
    let graph = try graph(bands: 1) {
      let x = $0.append("positions", .positions(.init(1, 40)), $0.input)
      _ = $0.append("last", .select(frame: 6), $0.maxPool(x, "pool", kernel: .init(1, 3)))
    }
    #expect(try graph.minimumFrames() == 21)
    #expect(try graph.maximumFrames() == 40)
    #expect(throws: MtagError.self) { try graph.layers(frames: 20) }
    let error = try #require(throws: MtagError.self) { try graph.layers(frames: 41) }
    #expect(error.message.contains("at most 40 frames"))
  }

  @Test("the embedding is what the last linear layer reads, before dropout")
  func embedding() throws {
    let graph = try graph {
      let x = $0.relu($0.globalAveragePool($0.input, "pool"), "relu")
      _ = $0.activation(
        $0.linear($0.dropout(x, "dropout", rate: 0.5), "logits", features: 3), "out", .sigmoid)
    }
    #expect(graph.embeddingName == "relu")
    #expect(try self.graph { _ = $0.linear($0.input, "logits", features: 3) }.embeddingName == nil)
  }

  @Test("a graph of every operator is the same after a file")
  func coding() throws {
    let graph = try graph(bands: 1, channels: 6) {
      var x = $0.append("norm", .layerNorm(epsilon: 1e-6), $0.input)
      x = $0.append("qkv", .linear(features: 12, hasBias: false), x)
      x = $0.append("attention", .attention(heads: 2), x)
      x = $0.append("tokens", .tokens(count: 2), x)
      x = $0.append("positions", .positions(.init(1, 50)), x)
      x = $0.append("level", .decibel(floor: 1e-10), x)
      x = $0.append("rnn", .recurrent(.init(.gru, hidden: 3, isBidirectional: true)), x)
      x = $0.append("soft", .softmax(axis: .frames), x)
      x = $0.append("joined", .concatenate(axis: .channels), x, x)
      x = $0.append("norm2", .batchNorm(.init(axis: .bands, hasScale: false)), x)
      x = $0.append("pool", .adaptivePool(.init(function: .mean, output: .init(1, 4))), x)
      _ = $0.append("last", .select(frame: -1), x)
    }
    let decoded = try JSONDecoder().decode(Graph.self, from: JSONEncoder().encode(graph))
    #expect(decoded == graph)
    #expect(try decoded.parameters() == graph.parameters())
  }
}
