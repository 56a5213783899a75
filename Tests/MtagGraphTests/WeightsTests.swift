import Foundation
import MtagCore
import MtagGraph
import MtagModels
import Testing

@Suite struct WeightsTests {
  @Test("seeded weights are the committed ones, bit for bit, on every platform")
  func seeded() throws {
    var model = CNN4()
    model.widths = [8, 16, 32, 64]
    model.hidden = 32
    let weights = Weights(initializing: try model.graph(bands: 32, labels: 10).parameters(), seed: 7)
    // Tools/fixtures/engine.py computes them again with its own generator.
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/engine/initial-small.f32").standardized
    let data = try Data(contentsOf: file)
    let expected = data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))
      }
    }
    #expect(weights.values.map(\.bitPattern) == expected)
  }

  @Test("another seed changes every random tensor; changing one layer leaves the others alone")
  func seeds() throws {
    let parameters = try CNN4().graph(bands: 32, labels: 10).parameters()
    let (one, two) = (Weights(initializing: parameters, seed: 1), Weights(initializing: parameters, seed: 2))
    for parameter in parameters {
      guard case .uniform(let bound) = parameter.initializer else {
        #expect(one[parameter.name] == two[parameter.name])
        continue
      }
      let values = try #require(one[parameter.name])
      #expect(values != two[parameter.name])
      #expect(values.allSatisfy { abs($0) <= bound })
    }
    let fewer = Weights(initializing: try CNN4().graph(bands: 32, labels: 3).parameters(), seed: 1)
    #expect(fewer["hidden.weight"] == one["hidden.weight"])
  }

  @Test("tensors are read and replaced by name")
  func byName() throws {
    var weights = Weights(parameters: [
      Parameter("a", [2, 3], .constant(0)), Parameter("b", [2], .constant(0)),
    ])
    weights["b"] = [7, 8]
    #expect(weights.values == [0, 0, 0, 0, 0, 0, 7, 8])
    #expect(weights.range(of: "b") == 6..<8)
    #expect(weights["c"] == nil)
  }
}
