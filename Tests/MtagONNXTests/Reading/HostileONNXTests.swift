import Foundation
import MtagCore
import MtagONNX
import MtagTestSupport
import Testing

/// Files from anywhere are refused with a reason, in bounded memory; none ends the program.
@Suite struct HostileONNXTests {
  /// What is done with a file before its network runs; the reason if it is refused.
  static func refusal(_ bytes: [UInt8]) -> String? {
    do {
      let file = try ONNXFile(bytes: bytes, path: "hostile.onnx")
      _ = file.summary()
      if let problem = file.problems().problems.first { return problem.description }
      _ = try file.translated()
      return nil
    } catch let error as MtagError where error.kind == .badData {
      return error.message
    } catch {
      Issue.record("\(error) is no refusal of a file")
      return nil
    }
  }

  static func expectRefusal(
    _ bytes: [UInt8], _ words: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let reason = refusal(bytes) ?? "accepted"
    #expect(reason.contains(words), "\(reason)", sourceLocation: sourceLocation)
    #expect(!reason.contains("\n"), sourceLocation: sourceLocation)
  }

  static let weights: [Float] = [1, 2, 3, 4, 5, 6]

  @Test("a small network is read") func plain() throws {
    let bytes = WireBytes.model { $0.meanNetwork { $0.floats("head.weight", [3, 2], Self.weights) } }
    #expect(Self.refusal(bytes) == nil)
  }

  @Test("a file cut anywhere is refused or still whole") func truncated() throws {
    let whole = try [UInt8](
      Data(contentsOf: URL(fileURLWithPath: ForeignNetworkTests.path("convnext-script"))))
    for count in stride(from: 1, to: whole.count, by: 13) {
      #expect(Self.refusal(Array(whole[..<count])) != nil, "\(count) bytes")
    }
  }

  @Test("changed bytes are survived") func changed() throws {
    let whole = try [UInt8](
      Data(contentsOf: URL(fileURLWithPath: ForeignNetworkTests.path("convnext-script"))))
    var random = RandomGenerator(seed: 5)
    for _ in 0..<600 {
      var bytes = whole
      for _ in 0...2 {
        bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      }
      _ = Self.refusal(bytes)
    }
  }

  @Test("bytes that are no ONNX at all") func noONNX() {
    Self.expectRefusal(Array("<html>not found</html>".utf8), "no usable ONNX file")
    Self.expectRefusal([UInt8](repeating: 0, count: 100), "begins no field")
    Self.expectRefusal([UInt8](repeating: 0xFF, count: 100), "has no end")
    Self.expectRefusal([0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "claims 4294967295 bytes")
  }

  @Test("a cycle") func cycle() {
    let bytes = WireBytes.model { graph in
      graph.value(11, "x", [1, 1, 8, 8])
      graph.value(12, "y", [1, 3])
      graph.node("Add", "one", ["x", "b"], ["a"])
      graph.node("Relu", "two", ["a"], ["b"])
      graph.node("Relu", "three", ["b"], ["y"])
    }
    Self.expectRefusal(bytes, "a cycle, or nodes out of order")
    #expect(throws: MtagError.self) { try ONNXFile(bytes: bytes, path: "cycle.onnx").translated() }
  }

  @Test("declared sizes beyond the bytes there are") func hugeSizes() {
    for shape in [[1 << 40, 1 << 40], [3, 1 << 62], [3, -2], [1 << 33, 1 << 33, 1 << 33]] {
      #expect(
        Self.refusal(WireBytes.model { $0.meanNetwork { $0.floats("head.weight", shape, Self.weights) } })
          != nil)
    }
    Self.expectRefusal(
      WireBytes.model { $0.meanNetwork { $0.floats("head.weight", [3, 1000], Self.weights) } },
      "takes 12000 bytes, and 24 are stored")
    Self.expectRefusal(
      WireBytes.model { graph in
        graph.value(11, "x", [1, 1 << 40, 1 << 40])
        graph.value(12, "y", [1, 3])
        graph.node("Relu", "r", ["x"], ["y"])
      }, "the nodes give [1, 1099511627776, 1099511627776]")
  }

  @Test("names and numbers that fill a file") func manyParts() {
    Self.expectRefusal(
      WireBytes.model { graph in for _ in 0...(1 << 16) { graph.raw([0x0A, 0]) } }, "more than 65536 nodes")
    Self.expectRefusal(
      WireBytes.model { graph in
        graph.node("Relu", "r", [], []) { $0.attribute("a", integers: [Int](repeating: 1, count: 1 << 21)) }
      }, "names, attribute values and sizes")
    Self.expectRefusal(
      WireBytes.model { graph in graph.node(String(repeating: "x", count: 5000), "r", [], []) },
      "takes 5000 bytes, more than")
    Self.expectRefusal(
      WireBytes.model { $0.meanNetwork { $0.floats("head.weight", [Int](repeating: 1, count: 9), [1]) } },
      "more than 8 axes")
  }

  @Test("constants that grow") func growing() {
    let bytes = WireBytes.model { graph in
      graph.value(11, "x", [1, 1, 8, 8])
      graph.value(12, "y", [1, 3])
      graph.tensor("s", [2], type: 7, raw: [0, 0, 0, 0, 1, 0, 0, 0] + [0, 0, 0, 0, 1, 0, 0, 0])
      graph.node("ConstantOfShape", "fill", ["s"], ["c"])
      graph.node("Add", "add", ["x", "c"], ["y"])
    }
    #expect(Self.refusal(bytes) != nil)
    let doubling = WireBytes.model { graph in
      graph.value(11, "x", [1, 1, 8, 8])
      graph.value(12, "y", [1, 3])
      graph.floats("c0", [1], [1])
      for index in 0..<60 {
        graph.node("Concat", "c\(index)", ["c\(index)", "c\(index)"], ["c\(index + 1)"]) {
          $0.attribute("axis", integer: 0)
        }
      }
      graph.node("Add", "add", ["x", "c60"], ["y"])
    }
    #expect(Self.refusal(doubling) != nil)
  }

  @Test("two nodes that give the same value (found by the fuzzer)") func givenTwice() {
    let bytes = WireBytes.model { graph in
      graph.value(11, "x", [1, 1, 8, 8])
      graph.value(12, "y", [1, 3])
      graph.floats("w", [1, 1, 1, 1], [1])
      graph.node("Conv", "conv", ["x", "w"], ["a"])
      graph.node("Flatten", "flatten", ["a"], ["a"])
      graph.node("Gemm", "head", ["a", "w"], ["y"])
    }
    Self.expectRefusal(bytes, "its output 'a' was given before")
    let error = #expect(throws: MtagError.self) {
      try ONNXFile(bytes: bytes, path: "twice.onnx").translated()
    }
    #expect(error?.message.contains("its output 'a' was given before") == true)
  }

  @Test("one tensor that becomes the weights of thousands of nodes") func shared() {
    let bytes = WireBytes.model { graph in
      graph.value(11, "x", [1, 64, 8, 8])
      graph.value(12, "y", [1, 64, 8, 8])
      graph.floats("w", [64, 64, 4, 4], [Float](repeating: 0, count: 65_536))
      for index in 0..<4000 {
        graph.node(
          "Conv", "conv\(index)", [index == 0 ? "x" : "v\(index)", "w"],
          [index == 3999 ? "y" : "v\(index + 1)"]
        ) {
          $0.attribute("pads", integers: [2, 2, 1, 1])
        }
      }
    }
    // 4,000 times 65,536 weights would be a gigabyte.
    Self.expectRefusal(bytes, "more padding before its input than after")
    let even = WireBytes.model { graph in
      graph.value(11, "x", [1, 64, 8, 8])
      graph.value(12, "y", [1, 64, 8, 8])
      graph.floats("w", [64, 64, 1, 1], [Float](repeating: 0, count: 4096))
      for index in 0..<4000 {
        graph.node(
          "Conv", "conv\(index)", [index == 0 ? "x" : "v\(index)", "w"],
          [index == 3999 ? "y" : "v\(index + 1)"])
      }
    }
    Self.expectRefusal(even, "again and again")
  }

  @Test("wrong types, missing and doubled tensors") func tensors() {
    Self.expectRefusal(
      WireBytes.model {
        $0.meanNetwork { $0.tensor("head.weight", [3, 2], type: 7, raw: [UInt8](repeating: 0, count: 48)) }
      },
      "must be of one type")
    Self.expectRefusal(WireBytes.model { $0.meanNetwork { _ in } }, "reads 'head.weight', which is nowhere")
    Self.expectRefusal(
      WireBytes.model {
        $0.meanNetwork {
          $0.floats("head.weight", [3, 2], Self.weights)
          $0.floats("head.weight", [3, 2], Self.weights)
        }
      }, "another tensor has the same name")
    Self.expectRefusal(
      WireBytes.model { $0.meanNetwork { $0.tensor("head.weight", [3, 2], type: 77, raw: []) } },
      "which the format does not define")
    Self.expectRefusal(
      WireBytes.model {
        $0.meanNetwork { $0.floats("head.weight", [3, 5], [Float](repeating: 0, count: 15)) }
      }, "do not fit")
  }

  @Test("graphs inside attributes are not entered") func nested() {
    var inner: [UInt8] = []
    for _ in 0..<20_000 {
      var attribute = WireBytes()
      attribute.data(6, inner)
      var node = WireBytes()
      node.data(5, attribute.bytes)
      var graph = WireBytes()
      graph.data(1, node.bytes)
      inner = graph.bytes
      if inner.count > 200_000 { break }
    }
    let bytes = WireBytes.model { graph in
      graph.value(11, "x", [1, 1, 8, 8])
      graph.value(12, "y", [1, 3])
      graph.node("If", "branch", ["x"], ["y"]) {
        $0.message(5) {
          $0.text(1, "then_branch")
          $0.data(6, inner)
        }
      }
    }
    Self.expectRefusal(bytes, "operator 'If' is not supported")
  }

  @Test("names that would write over the terminal") func controlCharacters() {
    let bytes = WireBytes.model { graph in
      graph.value(11, "x", [1, 1, 8, 8])
      graph.value(12, "y", [1, 3])
      graph.node("Evil\u{1B}[2J\n", "two\nlines", ["x"], ["y"])
    }
    let reason = Self.refusal(bytes) ?? ""
    #expect(reason.contains("two?lines"))
    #expect(reason.unicodeScalars.allSatisfy { $0.value >= 32 })
  }

  @Test("an operator that is not known is named with its node") func unknownOperator() throws {
    let file = try ONNXFile(path: ForeignNetworkTests.path("recurrent-keras"))
    let error = #expect(throws: MtagError.self) { try file.translated() }
    #expect(error?.message.contains("Loop") == true)
    #expect(error?.message.contains("is not supported") == true)
  }
}
