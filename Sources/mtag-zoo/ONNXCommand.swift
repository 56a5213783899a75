import ArgumentParser

/// `onnx`: looking into ONNX files and running them.
struct ONNXCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "onnx", abstract: "Look into an ONNX file, check it, run it.",
    subcommands: [ONNXInspectCommand.self, ONNXCheckCommand.self, ONNXRunCommand.self])
}
