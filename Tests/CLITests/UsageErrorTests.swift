import Foundation
import MtagTestSupport
import Testing

@Suite struct UsageErrorTests {
  @Test(
    "a wrong call is bad usage, said on stderr alone",
    arguments: [
      ["trian"], ["list", "--frobnicate"], ["train", "--epochs", "x"], ["train", "--epochs", "0"],
      ["train", "--epochs", "9223372036854775807"], ["train", "--crop", "4000000000000"],
      ["train", "--epochs", "3", "--time", "20m"], ["train", "--time", "soon"], ["train", "--model", "cnn5"],
      ["train", "--set", "widht=[1]"], ["train", "--features", "mel"],
      ["train", "--resume", "x", "--epochs", "3"],
      ["train", "--threads", "0"], ["train", "--schedule", "sawtooth"], ["tag"],
      ["tag", "a.wav", "--json", "--csv"],
      ["tag", "a.wav", "--top", "0"], ["export"], ["export", "run", "--onnx", "--model", "cnn4"],
      ["render", "a.wav"], ["extract", "a.wav"], ["extract", "a.wav", "--out", "x", "--format", "mat"],
      ["bench", "infer", "--frames", "3"], ["bench", "train", "--repeats", "0"], ["info"],
      ["bench", "infer", "--threads", "1000000"], ["bench", "train", "--batch-size", "9223372036854775807"],
      ["bench", "infer", "--batch-size", "65536", "--frames", "1000000"],
      ["bench", "features", "a.wav", "--threads", "9223372036854775807"],
      ["bench", "features", "a.wav", "--repeats", "9223372036854775807"],
      ["bench", "convolution", "--kernel", "5"], ["bench", "convolution", "--kernel", "0x3"],
      ["bench", "convolution", "--kernel", "9223372036854775807x1"],
      ["bench", "convolution", "--input", "1048576x1048576x1048576", "--batch-size", "65536"],
      ["bench", "convolution", "--groups", "0"], ["bench", "convolution", "--groups", "5"],
      ["bench", "convolution", "--dilation", "0x1"],
      ["bench", "convolution", "--input", "3x3x8", "--kernel", "9x9", "--padding", "0x0"],
      ["info", "nothing"],
      ["list", "--quiet", "--verbose"], ["evaluate", "--part", "test"], ["dataset"],
    ])
  func wrongCalls(_ arguments: [String]) throws {
    let quoted = arguments.map { "'\($0)'" }.joined(separator: " ")
    let result = try BuiltProgram().run(shell: { "\($0) \(quoted)" })
    // A command group without a command shows its help, which is no error of ArgumentParser's.
    let expected: Int32 = arguments == ["dataset"] ? 0 : 64
    #expect(result.code == expected, "\(arguments): \(result.code) \(result.errors)")
    if expected != 0 { #expect(result.output.isEmpty && !result.errors.isEmpty, "\(arguments)") }
  }

  @Test(
    "what is not there is missing input, named",
    arguments: [
      ["train", "--dataset", "gone"], ["train", "--config", "gone.yaml"], ["train", "--resume", "gone"],
      ["train", "--init", "gone.safetensors", "--dataset", "music"],
      ["evaluate", "gone", "--dataset", "music"],
      ["tag", "music", "--model", "gone"], ["export", "gone", "--onnx"], ["render", "gone.wav", "out.png"],
      ["extract", "gone.wav", "--out", "npy"], ["bench", "features", "gone.wav"],
      ["dataset", "info", "gone"],
    ])
  func missing(_ arguments: [String]) throws {
    let program = try BuiltProgram()
    try program.writeMusic(clips: 5)
    let quoted = arguments.map { "'\($0)'" }.joined(separator: " ")
    let result = try program.run(shell: { "\($0) \(quoted)" })
    #expect(result.code == 66, "\(arguments): \(result.code) \(result.errors)")
    #expect(result.lastError.hasPrefix("error: ") && result.lastError.contains("gone"), "\(result.errors)")
  }

  @Test(
    "without a run, evaluate, tag and export say how to make one",
    arguments: ["evaluate", "tag music", "export --onnx"])
  func noRun(_ command: String) throws {
    let program = try BuiltProgram()
    try program.writeMusic(clips: 1)
    let result = try program.run(shell: { "\($0) \(command)" })
    #expect(result.code == 66 && result.lastError.contains("mtag-zoo train"), "\(result.errors)")
  }

  @Test("an output that cannot be made is said so", .enabled(if: getuid() != 0, "root may write anywhere"))
  func readOnlyFolder() throws {
    let program = try BuiltProgram()
    try program.writeMusic(clips: 2)
    try FileManager.default.createDirectory(
      atPath: program.folder.file("locked"), withIntermediateDirectories: true)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o555], ofItemAtPath: program.folder.file("locked"))
    #expect(try program.run("extract", "music", "--out", "locked/npy").code == 73)
    #expect(try program.run("render", "music/low/0.wav", "locked/a.png").code == 73)
    #expect(try program.train("--out", "locked/run").code == 73)
  }

  @Test("a file where a folder should be is an output that cannot be made")
  func fileInTheWay() throws {
    let program = try BuiltProgram()
    try program.writeMusic(clips: 4)
    try program.folder.write("in the way", "file")
    for arguments in [
      ["extract", "music", "--out", "file/npy"], ["render", "music/low/0.wav", "file/a.png"],
      ["export", "--onnx", "--model", "cnn4", "--out", "file/a.onnx"],
    ] {
      let quoted = arguments.joined(separator: " ")
      let result = try program.run(shell: { "\($0) \(quoted)" })
      #expect(result.code == 73, "\(arguments): \(result.code) \(result.errors)")
    }
    #expect(try program.train("--out", "file/run").code == 73)
  }
}
