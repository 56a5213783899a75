import Foundation
import MtagCore
import MtagEngine
import MtagFeatures
import MtagGraph
import MtagModel
import MtagONNX
import Testing

/// Folding, half weights, and the front end in the graph.
@Suite struct ONNXVariantTests {
  @Test("folding leaves no batch norm behind a convolution, and the same logits")
  func folded() throws {
    let model = try SampleModel.cnn4()
    let program = try ONNXExporter(model: model, options: .init(foldsBatchNorms: true)).program()
    #expect(!program.nodes.contains { $0.type == "BatchNormalization" })
    #expect(!program.tensors.contains { $0.name.hasSuffix("running_mean") })
    let plain = try ONNXExporter(model: model).program()
    let logits = try [plain, program].map { try Self.logits($0, model) }
    let largest = logits[0].reduce(0) { max($0, $1.magnitude) }
    for (one, other) in zip(logits[0], logits[1]) { #expect((one - other).magnitude <= 1e-5 * largest) }
  }

  @Test("half weights: matrices take half the bytes and are widened by a Cast; vectors stay as they are")
  func half() throws {
    let model = try SampleModel.cnn4()
    let contents = try #require(
      ONNXContents(try ONNXExporter(model: model, options: .init(halvesWeights: true)).data()))
    for parameter in model.weights.parameters {
      let isMatrix = parameter.shape.count > 1
      #expect(contents.initializers[parameter.name]?.bytes == parameter.count * (isMatrix ? 2 : 4))
    }
    let casts = contents.nodes.filter { $0.type == "Cast" }
    #expect(casts.count == model.weights.parameters.count { $0.shape.count > 1 })
    #expect(casts.allSatisfy { $0.numbers["to"] == [1] })
  }

  @Test("a weight that 16 bits cannot hold stays in 32")
  func tooLarge() throws {
    var model = try SampleModel.cnn4()
    let range = try #require(model.weights.range(of: "fc1.weight") ?? model.weights.range(of: model.weights.parameters[0].name))
    model.weights.values[range.lowerBound] = 70_000
    let program = try ONNXExporter(model: model, options: .init(halvesWeights: true)).program()
    let singles = program.tensors.filter { if case .single = $0.values { $0.shape.count > 1 } else { false } }
    #expect(singles.count == 1)
  }

  @Test("16-bit floats: every pattern comes back, and values between go to the nearest even one")
  func halfFloats() {
    for pattern in UInt16.min...UInt16.max {
      let value = HalfFloat.single(pattern)
      if value.isNaN { continue }
      #expect(HalfFloat.pattern(value) == pattern)
    }
    #expect(HalfFloat.pattern(65_519) == 0x7bff && HalfFloat.pattern(65_520) == 0x7c00)
    // Half of a unit: 1 + 2⁻¹¹ goes to 1, 1 + 3 · 2⁻¹¹ to 1 + 2⁻⁹.
    #expect(HalfFloat.pattern(1 + 0x1p-11) == 0x3c00 && HalfFloat.pattern(1 + 3 * 0x1p-11) == 0x3c02)
    #expect(HalfFloat.pattern(0x1p-25) == 0 && HalfFloat.pattern(0x1.8p-25) == 1)
  }

  @Test(
    "the graph's front end gives what the extractor gives, for clips of any length",
    arguments: FrontEndSamples.writable)
  func frontEnd(spec: FeatureSpec) throws {
    let model = try FrontEndSamples.model(spec)
    let extractor = try FeatureExtractors.make(spec)
    let shortest = try ONNXExporter.minimumSamples(of: model)
    for transform in try FrontEndSamples.transforms(spec) {
      let options = ONNXOptions(input: .waveform, transform: transform)
      let interpreter = try ONNXInterpreter(try ONNXExporter(model: model, options: options).program())
      for samples in [shortest, shortest + spec.hopLength + 77] {
        let sounds = (0..<2).map { FrontEndSamples.sound(samples: samples, rateHz: spec.sampleRateHz, seed: UInt64($0)) }
        let map = try interpreter.run(
          ["waveform": InterpreterTensor([2, samples], sounds.flatMap(\.self))], wanted: ["features"])
        guard case .single(let values)? = map["features"]?.values else { continue }
        let expected = try sounds.map { try extractor.extract($0) }
        #expect(map["features"]?.shape == [2, 1, expected[0].bands, expected[0].frames])
        let error = zip(values, expected.flatMap(\.values)).reduce(Float(0)) { max($0, ($1.0 - $1.1).magnitude) }
        #expect(error <= FrontEndSamples.tolerance(spec), "\(spec.name), \(samples) samples: \(error)")
      }
    }
  }

  @Test("what a graph cannot say is refused with the reason", arguments: ["cqt", "vqt", "hcqt"])
  func refused(name: String) throws {
    let spec = try #require(FeaturePresets.all.first { $0.name == name })
    let exporter = ONNXExporter(model: try FrontEndSamples.model(spec), options: .init(input: .waveform))
    let error = try #require(throws: MtagError.self) { try exporter.data() }
    #expect(error.message.contains("constant-q") && error.message.contains("--input features"))
  }

  @Test("a transform that a spec does not allow is refused with the other one's name")
  func wrongTransform() throws {
    for (spec, transform, word) in [
      (FeaturePresets.ast, ONNXOptions.Transform.stft, "convolution"),
      (FeaturePresets.contrast, .convolution, "operator"),
    ] {
      let exporter = ONNXExporter(
        model: try FrontEndSamples.model(spec), options: .init(input: .waveform, transform: transform))
      let error = try #require(throws: MtagError.self) { try exporter.data() }
      #expect(error.message.contains(word) && error.kind == .usage)
    }
  }

  @Test("a waveform is audio, any batch and length, and the file says the shortest")
  func signature() throws {
    let model = try FrontEndSamples.model(FeaturePresets.melspec)
    let exporter = ONNXExporter(model: model, options: .init(input: .waveform))
    let program = try exporter.program()
    #expect(program.inputs.map(\.denotation) == ["AUDIO"])
    #expect(program.inputs[0].dimensions.map(\.denotation) == ["DATA_BATCH", "DATA_TIME"])
    let contents = try #require(ONNXContents(try exporter.data()))
    #expect(contents.inputs == ["waveform": ["batch", "samples"]])
    let texts = Dictionary(uniqueKeysWithValues: contents.metadata.map { ($0.key, $0.value) })
    #expect(texts["minimum_samples"] == "1" && texts["input"] == "waveform")
    #expect(texts["chunk_samples"] == "130560" && texts["sample_rate_hz"] == "22050")
  }

  private static func logits(_ program: ONNXProgram, _ model: Model) throws -> [Float] {
    var random = RandomGenerator(seed: 5)
    let input = (0..<model.graph.inputBands * 40).map { _ in random.uniform(-80, 0) }
    let tensor = InterpreterTensor([1, 1, model.graph.inputBands, 40], input)
    guard case .single(let values)? = try ONNXInterpreter(program).run(["features": tensor])["logits"]?.values
    else { return [] }
    return values
  }
}
