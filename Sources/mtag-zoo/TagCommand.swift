import ArgumentParser
import MtagZoo

/// `tag`: what a model hears in clips.
struct TagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag", abstract: "Tag clips, or folders of clips, of any length.")

  @Argument(help: "Sound files and folders of them.")
  var audio: [String]

  @Option(help: "A run folder, .safetensors or .onnx file; the newest run if left out.")
  var model: String?

  @OptionGroup var onnx: ONNXChoiceOptions

  @Option(help: "How many tags of each clip, best first.")
  var top = 5

  @Flag(help: "Print one JSON object a line; `seconds` is the clip's length.")
  var json = false

  @Flag(help: "Print CSV: path, label, score (with --timeline also start and end).")
  var csv = false

  @Flag(help: "Also give the tags of each chunk.")
  var timeline = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if audio.isEmpty { throw ValidationError("name at least one sound file or folder") }
    if top < 1 { throw ValidationError("--top \(top) must be ≥ 1") }
    if json && csv { throw ValidationError("--json and --csv exclude each other") }
  }

  func run() throws {
    let session = try global.start()
    let format: TagFormat = json ? .json : csv ? .csv : .text
    if csv { try StandardStreams.result(TagFormat.csvHead(timeline: timeline)) }
    try session.run { zoo, observer in
      try zoo.tag(
        audio, model: model, onnx: onnx.choices, top: top, timeline: timeline, threads: threads.count,
        observer: observer
      ) { outcome in
        session.display.finish()
        for line in try format.lines(outcome) { try StandardStreams.result(line) }
        if case .failed(let path, let error) = outcome, format != .json, audio != [path] {
          session.display.note("skipped: \(error.message)")
        }
      }
    }
  }
}
