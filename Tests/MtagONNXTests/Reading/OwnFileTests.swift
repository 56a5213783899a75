import Foundation
import MtagCore
import MtagFeatures
import MtagGraph
import MtagModel
import MtagONNX
import MtagTestSupport
import Testing

/// Files that this program wrote say everything themselves; what was changed in them is noticed.
@Suite struct OwnFileTests {
  private static func bytes(_ model: Model, _ options: ONNXOptions = .init()) throws -> [UInt8] {
    [UInt8](try ONNXExporter(model: model, options: options).data())
  }

  @Test(
    "a model comes back whole from a file in any form",
    arguments: [
      ONNXOptions(), ONNXOptions(opset: 21), ONNXOptions(input: .waveform),
      ONNXOptions(input: .waveform, transform: .stft),
    ])
  func whole(options: ONNXOptions) throws {
    let model = try SampleModel.cnn4()
    let imported = try ONNXFile(bytes: Self.bytes(model, options), path: "own.onnx").model()
    #expect(imported.isOwn, "\(imported.notes)")
    #expect(imported.model.graph == model.graph)
    #expect(imported.model.weights == model.weights)
    #expect(imported.model.standardization == model.standardization)
    #expect(imported.model.featureSpec == model.featureSpec)
    #expect(imported.model.card == model.card)
  }

  @Test("folded norms are gone, and half weights are what was stored")
  func changedForms() throws {
    let model = try SampleModel.cnn4()
    for options in [ONNXOptions(foldsBatchNorms: true), ONNXOptions(halvesWeights: true)] {
      let imported = try ONNXFile(bytes: Self.bytes(model, options), path: "own.onnx").model()
      #expect(imported.isOwn, "\(imported.notes)")
      #expect(imported.model.labels == model.labels)
    }
  }

  @Test("an edited weight is what runs, and is said")
  func edited() throws {
    let model = try SampleModel.cnn4()
    var bytes = try Self.bytes(model)
    // The last value of the head's bias: its bytes are nowhere else.
    let name = try #require(model.weights.parameters.last?.name)
    let values = try #require(model.weights[name])
    let pattern = values.flatMap { value in (0..<4).map { UInt8(value.bitPattern >> (8 * $0) & 0xFF) } }
    let place = try #require(bytes.firstRange(of: pattern))
    bytes[place.lowerBound + 3] ^= 0x80
    let imported = try ONNXFile(bytes: bytes, path: "edited.onnx").model()
    let bias = try #require(imported.model.weights[name])
    #expect(bias[0] == -values[0])
  }

  @Test("a front end that is not the spec's is refused")
  func otherFrontEnd() throws {
    var model = try SampleModel.cnn4()
    let file = try Self.bytes(model, .init(input: .waveform))
    model.featureSpec.maximumHz = 8000
    let other = try Self.bytes(model, .init(input: .waveform))
    // The metadata stand at the end of the file; those of one file behind the graph of the other.
    let mark = Array("architecture".utf8)
    let (a, b) = (try #require(file.firstRange(of: mark)), try #require(other.firstRange(of: mark)))
    let mixed = Array(file[..<(a.lowerBound - 4)]) + Array(other[(b.lowerBound - 4)...])
    let error = #expect(throws: MtagError.self) { try ONNXFile(bytes: mixed, path: "mixed.onnx").model() }
    #expect(error?.kind == .badData)
  }

  @Test("files of other programs need to be told which features they read")
  func foreign() throws {
    let file = try ONNXFile(path: ForeignNetworkTests.path("cnn4-script"))
    let error = #expect(throws: MtagError.self) { try file.model() }
    #expect(error?.message.contains("--features") == true)
    let imported = try file.model(.init(featureSpec: SampleModel.spec(bands: 32)))
    #expect(imported.model.labels == (1...6).map { "label \($0)" })
    #expect(!imported.model.isMultiLabel)
    let wrong = #expect(throws: MtagError.self) {
      try file.model(.init(featureSpec: SampleModel.spec(bands: 64)))
    }
    #expect(wrong?.message.contains("64 bands") == true)
    let sigmoid = try ONNXFile(path: ForeignNetworkTests.path("fcn-script"))
    #expect(try sigmoid.model(.init(featureSpec: SampleModel.spec(bands: 48))).model.isMultiLabel)
  }
}
