import Foundation
import MtagGraph
import MtagONNX
import Testing

/// Weights in every form that the format has for numbers.
@Suite struct StoredTypesTests {
  /// Exact in all types.
  private static let values: [Float] = [1, -2, 0.5, 4, -0.25, 96]

  private static func weights(_ tensor: @escaping (inout WireBytes) -> Void) throws -> [Float]? {
    let bytes = WireBytes.model { graph in
      graph.value(11, "x", [-1, 2, 8, -1])
      graph.value(12, "y", [-1, 3])
      graph.message(5) { message in
        message.integer(1, 3)
        message.integer(1, 2)
        message.text(8, "stored")
        tensor(&message)
      }
      graph.node("GlobalAveragePool", "pool", ["x"], ["p"])
      graph.node("Flatten", "flat", ["p"], ["f"])
      graph.node("Cast", "cast", ["stored"], ["head.weight"]) { $0.attribute("to", integer: 1) }
      graph.node("Gemm", "head", ["f", "head.weight"], ["y"]) { $0.attribute("transB", integer: 1) }
    }
    return try ONNXFile(bytes: bytes, path: "types.onnx").translated().weights["head.weight"]
  }

  private static func bytes<Word: FixedWidthInteger>(_ words: [Word]) -> [UInt8] {
    words.flatMap { word in (0..<MemoryLayout<Word>.size).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
  }

  /// Binary16, whose exponents reach for these values.
  private static func half(_ value: Float) -> UInt16 {
    UInt16(value < 0 ? 0x8000 : 0) | UInt16(Int(value.exponent) + 15) << 10
      | UInt16((value.magnitude.significand - 1) * 1024)
  }

  @Test("raw bytes of 16, 32 and 64 bits") func raw() throws {
    let words: [(Int, [UInt8])] = [
      (1, Self.bytes(Self.values.map(\.bitPattern))), (10, Self.bytes(Self.values.map(Self.half))),
      (16, Self.bytes(Self.values.map { UInt16($0.bitPattern >> 16) })),
      (11, Self.bytes(Self.values.map { Double($0).bitPattern })),
    ]
    for (type, raw) in words {
      let found = try Self.weights { tensor in
        tensor.integer(2, type)
        tensor.data(9, raw)
      }
      #expect(found == Self.values, "type \(type)")
    }
  }

  @Test("typed fields, packed and one by one") func typed() throws {
    let packed = try Self.weights { tensor in
      tensor.integer(2, 1)
      tensor.data(4, Self.bytes(Self.values.map(\.bitPattern)))
    }
    #expect(packed == Self.values)
    let single = try Self.weights { tensor in
      tensor.integer(2, 1)
      for value in Self.values { tensor.raw([4 << 3 | 5] + Self.bytes([value.bitPattern])) }
    }
    #expect(single == Self.values)
    let halves = try Self.weights { tensor in
      tensor.integer(2, 10)
      for value in Self.values { tensor.integer(5, Int(Self.half(value))) }
    }
    #expect(halves == Self.values)
    let doubles = try Self.weights { tensor in
      tensor.integer(2, 11)
      tensor.data(10, Self.bytes(Self.values.map { Double($0).bitPattern }))
    }
    #expect(doubles == Self.values)
    let whole = try Self.weights { tensor in
      tensor.integer(2, 6)
      for value in [1, -2, 3, 4, -5, 96] { tensor.integer(5, value) }
    }
    #expect(whole == [1, -2, 3, 4, -5, 96])
  }
}
