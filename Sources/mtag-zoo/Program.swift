import ArgumentParser
import MtagZoo

/// The program: reads the command line, runs one command, turns errors into one line and an exit code.
@main
struct Program: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mtag-zoo",
    abstract: "A model zoo for music tagging: train, tag, export, look at spectrograms.",
    discussion: """
      First steps: mtag-zoo list; mtag-zoo train --model cnn4; mtag-zoo tag clip.wav; mtag-zoo export --onnx; \
      mtag-zoo render clip.wav out.png
      """,
    version: "0.1.0",
    subcommands: [
      ListCommand.self, InfoCommand.self, TrainCommand.self, EvaluateCommand.self, TagCommand.self,
      ExportCommand.self, RenderCommand.self, ExtractCommand.self, FeaturesCommand.self, BenchCommand.self,
      DatasetCommand.self, CacheCommand.self, ONNXCommand.self,
    ])

  static func main() {
    StandardStreams.prepare()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as MtagError {
      StandardStreams.fail("error: \(error.message)", code: error.exitCode)
    } catch {
      // What ArgumentParser throws has a code of its own (help, usage); anything else is our fault.
      switch exitCode(for: error) {
      case .success: exit(withError: error)
      case .validationFailure:
        let help = "see mtag-zoo help, or --help after a command"
        StandardStreams.fail("error: \(message(for: error)); \(help)", code: MtagError.Kind.usage.rawValue)
      default:
        StandardStreams.fail(
          "error: \(error); please report this", code: MtagError.Kind.internalFault.rawValue)
      }
    }
  }
}
