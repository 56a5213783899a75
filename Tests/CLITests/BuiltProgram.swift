import Foundation
import MtagTestSupport

/// The program that was built with these tests, run as a user runs it: its own process, no terminal.
struct BuiltProgram {
  struct Result {
    let code: Int32
    let output: String
    let errors: String

    /// The lines of stdout.
    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// The only line of stderr that matters: the last.
    var lastError: String { errors.split(separator: "\n").last.map(String.init) ?? "" }

    /// stdout as one JSON object.
    func object() throws -> [String: Any] {
      try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
    }
  }

  /// Where it runs, and where it keeps its cache.
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The program stands beside the test bundle.
  static let path: String = {
    #if os(macOS)
      let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
      let products = bundle?.deletingLastPathComponent() ?? Bundle.main.bundleURL
    #else
      let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    #endif
    return products.appendingPathComponent("mtag-zoo").path
  }()

  /// Runs it to its end.
  /// - Parameter shell: text put in front of and behind the command for a shell, such as a pipe; nil runs it directly.
  func run(_ arguments: String..., shell: ((_ command: String) -> String)? = nil) throws -> Result {
    try run(arguments: arguments, shell: shell)
  }

  /// The same for arguments in a list.
  func run(arguments: [String], shell: ((_ command: String) -> String)? = nil) throws -> Result {
    let process = Process()
    if let shell {
      let command = ([Self.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", shell(command)]
    } else {
      process.executableURL = URL(fileURLWithPath: Self.path)
      process.arguments = arguments
    }
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = ProcessInfo.processInfo.environment.merging(["MTAG_CACHE": folder.file("cache")]) {
      $1
    }
    // Files, not pipes: a pipe that nobody empties would stop the program.
    let (output, errors) = (folder.file(UUID().uuidString), folder.file(UUID().uuidString))
    for file in [output, errors] { try Data().write(to: URL(fileURLWithPath: file)) }
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Result(
      code: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
      output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }

  /// Writes a folder per class with tones, `music/low` and `music/high`.
  func writeMusic(clips: Int = 6) throws {
    for index in 0..<clips {
      for (name, hertz) in [("low", 300.0), ("high", 2500.0)] {
        let sound = TestSound.tone(hertz: hertz, seconds: 0.8, seed: UInt64(index))
        try folder.write(sound, "music/\(name)/\(index).wav")
      }
    }
  }

  /// Trains a small network on those tones for an instant.
  @discardableResult
  func train(_ extra: String...) throws -> Result {
    try runWith(
      [
        "train", "--model", "cnn4", "--set", "widths=[4,4]", "--set", "hidden=8", "--dataset", "music",
        "--epochs", "2",
        "--crop", "16", "--batch-size", "4", "--threads", "2",
      ] + extra)
  }

  private func runWith(_ arguments: [String]) throws -> Result {
    let quoted = arguments.map { "'\($0)'" }.joined(separator: " ")
    return try run(shell: { _ in "'\(Self.path)' \(quoted)" })
  }
}
