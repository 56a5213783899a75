import ArgumentParser
import MtagZoo

/// `onnx run`: every output of a file for a clip.
struct ONNXRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run an ONNX file on a clip and print every output.",
    discussion: """
      Our engine runs it: what mtag-zoo exports, and networks of the usual operators by PyTorch's and Keras' exporters. A network \
      that takes any length gets the whole clip, others the evenly spaced chunks that cover it, one item each.
      """)

  @Argument(help: "The .onnx file.") var file: String
  @Argument(help: "The sound file.") var clip: String
  @Flag(help: "Print one JSON object.") var json = false
  @OptionGroup var onnx: ONNXChoiceOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let run = try global.start().run { zoo, observer in
      try zoo.runONNX(file, clip: clip, choices: onnx.choices, threads: threads.count, observer: observer)
    }
    if json { return try StandardStreams.result(json: run, namesFields: true) }
    for (name, output) in run.outputs.sorted(by: { $0.key < $1.key }) {
      let shape = output.shape.map(String.init).joined(separator: "×")
      let values = output.values.map { String(rounding: Double($0), digits: 4) }
      try StandardStreams.result("\(name) \(shape): \(values.joined(separator: " "))")
    }
  }
}
