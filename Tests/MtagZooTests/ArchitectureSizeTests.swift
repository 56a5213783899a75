import Foundation
import MtagTestSupport
import MtagZoo
import Testing

/// Sizes that PyTorch counts in definitions of the same networks, beside the figures that their papers or codes are known by.
/// `Tools/fixtures/architectures.py` makes the table.
struct ArchitectureSizes: Decodable {
  struct Row: Decodable, CustomTestStringConvertible {
    let model: String
    let bands: Int
    let frames: Int
    let labels: Int
    let parameters: Int
    let multiplyAccumulates: Int
    var testDescription: String { model }
  }

  let models: [Row]

  static func load() throws -> [Row] {
    let path = Fixture.folder.appending(path: "architectures/sizes.json")
    return try JSONDecoder().decode(ArchitectureSizes.self, from: Data(contentsOf: path)).models
  }
}

@Suite struct ArchitectureSizeTests {
  static let rows = (try? ArchitectureSizes.load()) ?? []

  @Test("every Swift architecture of the zoo is in the table")
  func complete() throws {
    let known = Set(Self.rows.map(\.model))
    let swift = try Zoo().architectures.items.filter { $0.entry.declaredText == nil }.map(\.name)
    #expect(known.isSuperset(of: swift), "\(Set(swift).subtracting(known))")
    #expect(known.count >= 29)
  }

  @Test("has as many parameters and costs as much as PyTorch counts", arguments: rows)
  func size(_ row: ArchitectureSizes.Row) throws {
    let entry = try Zoo().architectures.item(named: row.model).entry
    let graph = try entry.architecture().graph(bands: row.bands, channels: 1, labels: row.labels)
    let layers = try graph.layers(frames: row.frames)
    #expect(layers.reduce(0) { $0 + $1.trainedCount } == row.parameters)
    #expect(layers.reduce(0) { $0 + $1.multiplyAccumulates } == row.multiplyAccumulates)
    #expect(try graph.labelCount() == row.labels)
    #expect(graph.name == row.model)
  }

  @Test("its own features fit, at its own chunk", arguments: rows)
  func ownFeatures(_ row: ArchitectureSizes.Row) throws {
    let zoo = try Zoo()
    let card = try zoo.architectures.item(named: row.model).entry.card
    let shape = try FeatureExtractors.shape(of: zoo.featureSpec(named: card.features))
    #expect(shape.bands == row.bands && shape.channels == 1)
    guard let frames = card.chunkFrames else { return }
    let graph = try zoo.architectures.item(named: row.model).entry.architecture()
      .graph(bands: row.bands, channels: 1, labels: row.labels)
    #expect(try graph.minimumFrames() <= frames)
    #expect(try graph.maximumFrames().map { $0 >= frames } ?? true)
  }
}
