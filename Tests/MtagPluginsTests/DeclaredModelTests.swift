import Foundation
import MtagCore
import MtagGraph
import MtagModels
import MtagPlugins
import Testing

/// The models in YAML that come with the zoo.
@Suite struct DeclaredModelTests {
  private static func graph(_ file: String, bands: Int = 128, labels: Int = 10) throws -> Graph {
    let text = try #require(DeclaredModels.texts.first { $0.file == file }?.text)
    return try DeclaredArchitecture(text: text, file: file).graph(bands: bands, channels: 1, labels: labels)
  }

  @Test("the tutorial's network has its 40,122 weights and 97 M multiplications, with names as in PyTorch")
  func tutorial() throws {
    let graph = try Self.graph("tutorial-cnn.yaml")
    let layers = try graph.layers(frames: 1249)
    #expect(layers.reduce(0) { $0 + $1.trainedCount } == 40_122)
    let macs = layers.reduce(0) { $0 + $1.multiplyAccumulates }
    #expect((96_000_000..<98_000_000).contains(macs), "\(macs)")
    #expect(try graph.minimumFrames() == 720 && graph.labelCount() == 10)
    let names = try graph.parameters().map(\.name)
    #expect(names.prefix(3) == ["block1.conv.weight", "block1.conv.bias", "block1.norm.weight"])
    #expect(names.suffix(2) == ["logits.weight", "logits.bias"] && names.contains("hidden.norm.running_var"))
  }

  @Test("the residual network has a shortcut and a gate in each block")
  func residual() throws {
    let graph = try Self.graph("small-resnet-se.yaml")
    let names = Set(graph.nodes.map(\.name))
    for block in 1...3 {
      #expect(
        names.isSuperset(of: [
          "block\(block).residual", "block\(block).residual.conv1", "block\(block).residual.conv2",
          "block\(block).residual.se", "block\(block).residual.se.fc1",
          "block\(block).residual.shortcut.conv",
        ]))
    }
    // 8 channels are a quarter of 32; 16 bands of 128 are left after three strides of 2.
    let shapes = Dictionary(
      uniqueKeysWithValues: try graph.layers(frames: 64).map { ($0.node.name, $0.output) })
    #expect(shapes["block1.residual.se.fc1"]?.channels == 8)
    #expect(shapes["block3.residual"] == TensorShape(bands: 16, frames: 8, channels: 128))
  }

  @Test("the examples in docs/declarative-models.md are models, and it names every layer")
  func documentation() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/declarative-models.md")
    let page = try String(contentsOf: path, encoding: .utf8)
    let examples = page.components(separatedBy: "```yaml\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
    #expect(examples.count == 4)
    for example in examples {
      let declared = try DeclaredArchitecture(text: example, file: "docs/declarative-models.md")
      for bands in [96, 128] {
        #expect(try declared.graph(bands: bands, channels: 1, labels: 7).labelCount() == 7)
      }
    }
    for layer in DeclaredArchitecture.layerNames {
      #expect(page.contains("`\(layer)`"), "\(layer) is not explained")
    }
  }
}
