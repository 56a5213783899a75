import Foundation
import MtagTestSupport
import Testing

/// `export` as people type it.
@Suite struct ExportCommandTests {
  @Test("the path goes to stdout, what the check found to stderr, and the same command gives the same bytes")
  func exports() throws {
    let program = try BuiltProgram()
    let small = ["export", "--onnx", "--model", "cnn4", "--set", "widths=[4,4]", "--input", "waveform"]
    let first = try program.run(arguments: small + ["--features", "sota-96", "--out", "a.onnx"])
    #expect(first.code == 0 && first.output == "a.onnx\n", "\(first.errors)")
    #expect(first.lastError.contains("checked against the engine") && first.lastError.contains("samples"))
    _ = try program.run(arguments: small + ["--features", "sota-96", "--out", "b.onnx"])
    let files = ["a.onnx", "b.onnx"].map { FileManager.default.contents(atPath: program.folder.file($0)) }
    #expect(files[0] != nil && files[0] == files[1])
  }

  @Test("every option is taken, and the file says what it was made with")
  func options() throws {
    let program = try BuiltProgram()
    let result = try program.run(
      arguments: [
        "export", "--onnx", "--model", "cnn4", "--set", "widths=[4,4]", "--features", "sota-96", "--input",
        "waveform", "--stft", "operator", "--opset", "20", "--fold-batch-norm", "--half-weights", "--out",
        "a.onnx",
      ])
    #expect(result.code == 0, "\(result.errors)")
    let inspected = try program.run("onnx", "inspect", "a.onnx")
    #expect(inspected.code == 0 && inspected.output.contains("STFT") && inspected.output.contains("20"))
    #expect(!inspected.output.contains("BatchNormalization"))
  }

  @Test(
    "what cannot be is refused in one line that says what would do",
    arguments: [
      ("--opset 16", "17 … 21"), ("--stft operator", "--input waveform"), ("--input sound", "waveform"),
      ("--input waveform --features cqt", "--input features"),
      ("--input waveform --features ast --stft operator", "--stft convolution"),
    ])
  func refused(_ options: String, _ remedy: String) throws {
    let program = try BuiltProgram()
    let arguments = ["export", "--onnx", "--model", "cnn4"] + options.split(separator: " ").map(String.init)
    let result = try program.run(arguments: arguments)
    #expect(result.code == 64 && result.output.isEmpty, "\(result.code) \(result.errors)")
    #expect(result.errors.contains(remedy), "\(result.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
    #expect(!files.contains { $0.hasSuffix(".onnx") })
  }
}
