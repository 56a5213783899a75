import Foundation
import MtagCore
import MtagGraph
import MtagModels
import Testing

@Suite struct GraphCodingTests {
  @Test("a graph comes back from its JSON as it was")
  func roundTrip() throws {
    let graph = try CNN4().graph(bands: 64, labels: 7)
    #expect(try JSONDecoder().decode(Graph.self, from: JSONEncoder().encode(graph)) == graph)
  }

  @Test("the JSON of an operator is one key that people can read and write")
  func readable() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func text(_ operation: MtagGraph.Operation) throws -> String {
      String(decoding: try encoder.encode(operation), as: UTF8.self)
    }
    #expect(try text(.activation(.relu)) == #"{"activation":"relu"}"#)
    #expect(try text(.linear(features: 128)) == #"{"linear":128}"#)
    #expect(try text(.globalAveragePool) == #"{"globalAveragePool":{}}"#)
    #expect(
      try text(.maxPool(.init(kernel: .init(2, 4), stride: .init(2, 4))))
        == #"{"maxPool":{"kernel":{"bands":2,"frames":4},"stride":{"bands":2,"frames":4}}}"#)
  }

  @Test("a convolution's JSON is as before there were dilation and groups, unless it has them")
  func convolution() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var attributes = MtagGraph.Operation.Convolution(
      channels: 8, kernel: .init(3, 3), stride: .init(1, 2), padding: .init(1, 0), hasBias: false)
    let plain =
      #"{"channels":8,"hasBias":false,"kernel":{"bands":3,"frames":3},"padding":{"bands":1,"frames":0},"#
      + #""stride":{"bands":1,"frames":2}}"#
    #expect(String(decoding: try encoder.encode(attributes), as: UTF8.self) == plain)
    let decoder = JSONDecoder()
    #expect(try decoder.decode(MtagGraph.Operation.Convolution.self, from: Data(plain.utf8)) == attributes)
    attributes.dilation = .init(1, 3)
    attributes.groups = 4
    let encoded = try encoder.encode(attributes)
    #expect(
      String(decoding: encoded, as: UTF8.self).contains(#""dilation":{"bands":1,"frames":3},"groups":4"#))
    #expect(try decoder.decode(MtagGraph.Operation.Convolution.self, from: encoded) == attributes)
  }

  @Test(
    "JSON that is no network is refused with an error, never a crash",
    arguments: [
      #"{"linear":{"features":0,"hasBias":false}}"#, #"{"linear":-1}"#, #"{"linear":1e30}"#,
      #"{"linear":1.5}"#, #"{"dropout":1e39}"#,
      #"{"softmax":{}}"#, #"{}"#, #"{"activation":"relu","linear":3}"#, #"{"activation":"gelato"}"#,
      #""relu""#,
      #"{"maxPool":{"kernel":{"bands":99,"frames":1},"stride":{"bands":1,"frames":1}}}"#,
      #"{"maxPool":{"kernel":{"bands":2,"frames":2},"stride":{"bands":0,"frames":0}}}"#,
      #"{"convolution":{"channels":1000000000000,"kernel":{"bands":3,"frames":3},"stride":{"bands":1,"frames":1},"#
        + #""padding":{"bands":1,"frames":1},"hasBias":false}}"#,
      #"{"convolution":{"channels":8,"kernel":{"bands":3,"frames":3},"stride":{"bands":1,"frames":1},"#
        + #""padding":{"bands":1,"frames":1},"groups":0,"hasBias":false}}"#,
      #"{"convolution":{"channels":8,"kernel":{"bands":3,"frames":3},"stride":{"bands":1,"frames":1},"#
        + #""padding":{"bands":1,"frames":1},"groups":-9223372036854775808,"hasBias":false}}"#,
      #"{"convolution":{"channels":8,"kernel":{"bands":3,"frames":3},"stride":{"bands":1,"frames":1},"#
        + #""padding":{"bands":1,"frames":1},"dilation":{"bands":9223372036854775807,"frames":1},"hasBias":false}}"#,
      #"{"convolution":{"channels":8,"kernel":{"bands":3,"frames":3},"stride":{"bands":1,"frames":1},"#
        + #""padding":{"bands":1,"frames":1},"dilation":{"bands":1,"frames":0},"hasBias":false}}"#,
      #"{"convolution":{"channels":8,"kernel":{"bands":9223372036854775807,"frames":3},"#
        + #""stride":{"bands":1,"frames":1},"padding":{"bands":9223372036854775807,"frames":1},"hasBias":false}}"#,
    ])
  func hostile(operation: String) throws {
    let text =
      #"{"name":"x","inputBands":16,"inputChannels":1,"nodes":[{"name":"a","inputs":["input"],"operation":\#(operation)}]}"#
    #expect(throws: (any Error).self) { try JSONDecoder().decode(Graph.self, from: Data(text.utf8)) }
  }

  @Test("decoding checks names as making a graph does")
  func namesChecked() throws {
    let text =
      #"{"name":"x","inputBands":16,"inputChannels":1,"nodes":[{"name":"a","inputs":["b"],"operation":{"linear":1}}]}"#
    let error = try #require(throws: MtagError.self) {
      try JSONDecoder().decode(Graph.self, from: Data(text.utf8))
    }
    #expect(error.message.contains("'a' reads 'b'"))
  }
}
