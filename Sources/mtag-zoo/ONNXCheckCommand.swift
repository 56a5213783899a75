import ArgumentParser
import MtagZoo

/// `onnx check`: whether a file keeps the rules of the format.
struct ONNXCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check names, order, types, attributes and shapes.",
    discussion: "Prints each problem on a line and ends with code 65 if there is one.")

  @Argument(help: "The .onnx file.") var file: String
  @Flag(help: "Print one JSON object.") var json = false

  private struct Report: Encodable {
    let path: String
    let problems: [ONNXProblem]
    let unchecked: [String]
  }

  func run() throws {
    let (problems, unchecked) = try Zoo().checkONNX(file)
    if json {
      try StandardStreams.result(json: Report(path: file, problems: problems, unchecked: unchecked))
    } else {
      for problem in problems { try StandardStreams.result(problem.description) }
      if problems.isEmpty { try StandardStreams.result("\(file): no problem found") }
      if !unchecked.isEmpty {
        StandardStreams.message("note: shapes of \(unchecked.joined(separator: ", ")) were not checked\n")
      }
    }
    guard problems.isEmpty else {
      let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
      throw MtagError(
        .badData, "\(file): \(count); export it again, or see what the program that wrote it says")
    }
  }
}
