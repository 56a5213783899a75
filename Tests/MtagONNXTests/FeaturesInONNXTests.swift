import Foundation
import MtagFeatures
import MtagGraph
import MtagModel
import MtagONNX
import Testing

/// The front end's contract goes wherever the network goes.
@Suite struct FeaturesInONNXTests {
  @Test(
    "every preset travels in the file: its spec, its hash, and an input of its bands and channels",
    arguments: FeaturePresets.all)
  func preset(spec: FeatureSpec) throws {
    let shape = try FeatureExtractors.shape(of: spec)
    var builder = GraphBuilder(name: "mean", inputBands: shape.bands, inputChannels: shape.channels)
    _ = builder.linear(builder.globalAveragePool(builder.input, "pool"), "linear", features: 3)
    var model = try SampleModel.model(of: builder.finish())
    model.featureSpec = spec
    let contents = try #require(ONNXContents(try ONNXExporter(model: model).data()))
    let texts = Dictionary(uniqueKeysWithValues: contents.metadata)
    let text = try #require(texts["feature_spec"])
    let found = try JSONDecoder().decode(FeatureSpec.self, from: Data(text.utf8))
    #expect(found == spec)
    #expect(texts["feature_spec_sha256"] == (try spec.sha256()))
    #expect(contents.inputs["features"] == ["batch", "\(shape.channels)", "\(shape.bands)", "frames"])
  }
}
