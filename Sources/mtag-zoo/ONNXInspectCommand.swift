import ArgumentParser
import MtagZoo

/// `onnx inspect`: what is in a file.
struct ONNXInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Show inputs, outputs, operators, metadata, parameters and costs.")

  @Argument(help: "The .onnx file.") var file: String
  @Flag(help: "Print one JSON object.") var json = false

  /// Texts are cut after so many characters; JSON has them whole.
  private static let textLength = 100

  func run() throws {
    let summary = try Zoo().inspectONNX(file)
    if json { return try StandardStreams.result(json: summary, namesFields: true) }
    for line in Self.lines(summary) { try StandardStreams.result(line) }
  }

  private static func lines(_ summary: ONNXFile.Summary) -> [String] {
    let sets = summary.operatorSets.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    var lines = [
      "\(summary.path): \(plain(summary.graph))",
      "written by \(summary.producer.isEmpty ? "nobody that says so" : plain(summary.producer)), format version "
        + "\(summary.formatVersion), operator sets \(plain(sets.joined(separator: ", ")))",
    ]
    for (what, values) in [("input", summary.inputs), ("output", summary.outputs)] {
      lines += values.map { "\(what) \(plain($0.name)): \($0.type) \(plain($0.shape))" }
    }
    lines.append("parameters: \(summary.parameters)")
    let sizes = summary.costInputs.sorted { $0.key < $1.key }.map { "\(plain($0.key)) \($0.value)" }
    lines.append(
      summary.multiplyAccumulates.map { "MACs: \($0) for \(sizes.joined(separator: ", "))" }
        ?? "MACs: not known, for shapes do not follow from the inputs")
    var table = TextTable(["OPERATOR", "NODES"])
    for (name, count) in summary.operators.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      table.add([plain(name), "\(count)"])
    }
    lines += table.lines()
    for (key, text) in summary.metadata.sorted(by: { $0.key < $1.key }) {
      lines.append("\(plain(key)): \(plain(text))")
    }
    return lines
  }

  /// A text of a file on one line of the terminal.
  private static func plain(_ text: String) -> String {
    let line = String(
      String.UnicodeScalarView(text.unicodeScalars.prefix(textLength + 1).map { $0.value < 32 ? " " : $0 }))
    return line.count > textLength ? line.prefix(textLength) + "…" : line
  }
}
