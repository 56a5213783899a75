import MtagCore
import MtagFeatures
import MtagZoo
import Testing

/// Features with changes: what `--features` and `--set` make.
@Suite struct FeatureSettingTests {
  @Test("a changed spec is named after its preset and its changes, and the name gives it back")
  func names() throws {
    let zoo = try Zoo()
    let name = try zoo.featureName("librosa", settings: ["bands=96", "floorDB=none", "maximumHz=8000"])
    #expect(name == "melspec(bands=96,maximumHz=8000.0,level.floorDB=none)")
    let spec = try zoo.featureSpec(named: name)
    #expect(spec.name == name && spec.bands == 96 && spec.maximumHz == 8000 && spec.level.floorDB == nil)
    let preset = try zoo.featureSpec(named: "melspec")
    #expect(try spec.sha256() != preset.sha256())
    #expect(spec.differences(from: preset).count == 3)
    #expect(
      try zoo.featureName(name, settings: ["bands=128"]) == "melspec(maximumHz=8000.0,level.floorDB=none)")
    #expect(try zoo.featureName("melspec", settings: ["bands=128"]) == "melspec")
  }

  @Test(
    "what cannot be is refused in words: the field, the value, the choices",
    arguments: [
      ("bands=x", "whole number"), ("foo=1", "'foo'"), ("maximumHz=12000", "11025.0"),
      ("window=hamm", "hann-symmetric"), ("bands", "field=value"), ("=3", "field=value"),
      ("extractor=stft", "extractor"),
      ("hopLength=1", "64 times hopLength"), ("fftSize=1000", "set both"), ("sampleRateHz=1", "1000"),
      ("bands=1e9", "bands"), ("level=3", "'level'"), ("floorDB=no", "takes a number"),
      ("bands=99999999999999999999", "whole number"),
    ])
  func refusals(setting: String, words: String) throws {
    let error = #expect(throws: MtagError.self) { try Zoo().featureName("melspec", settings: [setting]) }
    #expect(error?.kind == .usage && error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test("numbers may be smaller than JSON's reader takes, and lists must be lists")
  func numbers() throws {
    let zoo = try Zoo()
    #expect(try zoo.featureSpec(named: "melspec(minimumHz=1e-300)").minimumHz == 0)
    #expect(try zoo.featureSpec(named: "melspec (bands=96)").name == "melspec(bands=96)")
    #expect(try zoo.featureSpec(named: "hcqt(harmonics=[0.5, 1,2])").constantQ?.harmonics == [0.5, 1, 2])
    #expect(try zoo.featureSpec(named: "cqt(sampleRateHz=16000)").sampleRateHz == 16_000)
    for text in ["1", "[1", "[nan]", "[1,,2]", "[]"] {
      let error = #expect(throws: MtagError.self) { try zoo.featureSpec(named: "hcqt(harmonics=\(text))") }
      #expect(error?.message.contains("Array") == false, "\(text): \(error?.message ?? "")")
    }
    let high = #expect(throws: MtagError.self) { try zoo.featureSpec(named: "hcqt(bands=1000)") }
    #expect(high?.message.contains("0.0") == false && high?.message.contains("take at most") == true)
  }

  @Test("brackets that do not match are refused", arguments: ["melspec(bands=3", "(bands=3)", "melspec)"])
  func brackets(name: String) {
    #expect(throws: MtagError.self) { try Zoo().featureSpec(named: name) }
  }

  @Test("a setting goes to whoever has it: the model or the features")
  func sorting() throws {
    let zoo = try Zoo()
    let (overrides, features) = try zoo.settings(
      ["widths=[8,16]", "bands=64", "model.dropout=0.1", "features.hopLength=256"], model: "cnn4",
      features: "melspec")
    #expect(overrides == ["widths": .array([.integer(8), .integer(16)]), "dropout": .number(0.1)])
    #expect(features == "melspec(hopLength=256,bands=64)")
    let error = #expect(throws: MtagError.self) {
      try zoo.settings(["nothing=1"], model: "cnn4", features: "melspec")
    }
    #expect(error?.message.contains("neither cnn4 nor melspec") == true)
  }

  @Test("a pair that cannot fit says how many bands would, before any sound is read")
  func fit() throws {
    var configuration = TrainingConfiguration(threads: 1)
    configuration.dataset = "/nowhere"
    configuration.features = "melspec(bands=12)"
    let error = #expect(throws: MtagError.self) { try Zoo().train(configuration) }
    #expect(error?.message.contains("12 bands") == true && error?.message.contains("at least 16") == true)
    configuration.features = "melspec"
    configuration.cropFrames = 9
    let short = #expect(throws: MtagError.self) { try Zoo().train(configuration) }
    #expect(short?.message.contains("9 frames") == true && short?.message.contains("0.35 s") == true)
  }
}
