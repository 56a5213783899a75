import ArgumentParser
import MtagZoo

/// What an ONNX file of another program does not say about itself.
struct ONNXChoiceOptions: ParsableArguments {
  @Option(
    help: "For an .onnx file that does not say so: the features its network reads; see `list features`.")
  var features: String?

  @Option(help: "For an .onnx file: what its input's axes mean, if not batch,channels,bands,frames.")
  var axes: String?

  @Option(help: "For an .onnx file of any length whose nodes depend on it: the number of frames.")
  var frames: Int?

  @Flag(help: "For an .onnx file that does not say so: a clip may have several labels.")
  var multiLabel = false

  func validate() throws {
    if let frames, frames < 1 { throw ValidationError("--frames \(frames) must be ≥ 1") }
  }

  var choices: ONNXChoices {
    ONNXChoices(features: features, axes: axes, frames: frames, isMultiLabel: multiLabel ? true : nil)
  }
}
