import Foundation
import MtagCore
import MtagFeatures
import MtagONNX
import MtagTestSupport
import Testing

/// Writes every front end that a graph can hold for `Tools/onnx-check`, with the maps that our extractors give.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MTAG_ONNX_OUT"] != nil))
struct ONNXFrontEndFilesTests {
  @Test("every front end, by convolution and by STFT", arguments: FrontEndSamples.writable)
  func write(spec: FeatureSpec) throws {
    var cases = try #require(try ONNXCases("frontend-\(spec.name)"))
    let model = try FrontEndSamples.model(spec)
    for (index, transform) in try FrontEndSamples.transforms(spec).enumerated() {
      let file = "frontend-\(spec.name)-\(index == 0 ? "default" : "stft").onnx"
      let options = ONNXOptions(opset: index == 0 ? 17 : 18, input: .waveform, transform: transform)
      try ONNXExporter(model: model, options: options).write(to: cases.path(file))
      cases.files.append(.init(file, tolerances: ["features": Double(FrontEndSamples.tolerance(spec))]))
    }
    let extractor = try FeatureExtractors.make(spec)
    let shortest = try ONNXExporter.minimumSamples(of: model)
    for samples in [shortest, shortest + spec.hopLength + 77] {
      let sounds = (0..<2).map {
        FrontEndSamples.sound(samples: samples, rateHz: spec.sampleRateHz, seed: UInt64($0))
      }
      let maps = try sounds.map { try extractor.extract($0) }
      try cases.add(
        input: "waveform", ([2, samples], sounds.flatMap(\.self)),
        expected: ["features": ([2, 1, maps[0].bands, maps[0].frames], maps.flatMap(\.values))])
    }
    try cases.write()
  }
}
