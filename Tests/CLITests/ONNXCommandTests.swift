import Foundation
import MtagTestSupport
import Testing

/// ONNX files as a user meets them: our own and other programs'.
@Suite struct ONNXCommandTests {
  private static func fixture(_ name: String) -> String {
    Fixture.folder.appendingPathComponent("onnx/\(name).onnx").path
  }

  @Test("what was exported is inspected, checked and run, tags as the run does, and starts a training")
  func own() throws {
    let program = try BuiltProgram()
    try program.writeMusic()
    #expect(try program.train("--out", "run").code == 0)
    let clip = "music/low/0.wav"
    let tagged = try program.run("tag", clip, "--model", "run", "--json")
    for (file, options) in [("plain.onnx", []), ("sound.onnx", ["--input", "waveform"])]
      as [(String, [String])]
    {
      #expect(try program.run(arguments: ["export", "run", "--onnx", "--out", file] + options).code == 0)
      let checked = try program.run("onnx", "check", file)
      #expect(checked.code == 0, "\(checked.output) \(checked.errors)")
      let inspected = try program.run("onnx", "inspect", file, "--json").object()
      #expect((inspected["parameters"] as? Int ?? 0) > 100)
      #expect((inspected["metadata"] as? [String: String])?["labels"] == #"["high","low"]"#)
      #expect(try program.run("tag", clip, "--model", file, "--json").output == tagged.output)
      let run = try program.run("onnx", "run", file, clip, "--json").object()
      let outputs = try #require(run["outputs"] as? [String: [String: Any]])
      #expect(outputs["logits"]?["shape"] as? [Int] == [1, 2])
      let scores = try #require(outputs["scores"]?["values"] as? [Double])
      #expect(abs(scores.reduce(0, +) - 1) < 1e-5)
      #expect((outputs["embedding"]?["values"] as? [Double])?.isEmpty == false)
    }
    let again = try program.train("--out", "again", "--init", "plain.onnx")
    #expect(again.code == 0 && again.errors.contains("tensors start from"), "\(again.errors)")
  }

  @Test("a network of another program tags once its features are named")
  func foreign() throws {
    let program = try BuiltProgram()
    try program.writeMusic()
    let file = Self.fixture("cnn4-script")
    let silent = try program.run("tag", "music/low/0.wav", "--model", file)
    #expect(silent.code == 64 && silent.lastError.contains("--features"), "\(silent.errors)")
    let named = try program.run(
      "tag", "music/low/0.wav", "--model", file, "--features", "melspec(bands=32)", "--top", "2", "--json"
    ).object()
    #expect((named["tags"] as? [Any])?.count == 2)
    let run = try program.run("onnx", "run", file, "music/low/0.wav", "--features", "melspec(bands=32)")
    #expect(run.code == 0 && run.lines.count == 1 && run.lines[0].hasPrefix("y 1×6: "), "\(run.errors)")
    let loop = try program.run(
      "onnx", "run", Self.fixture("recurrent-keras"), "music/low/0.wav", "--features", "melspec(bands=24)")
    #expect(loop.code == 65 && loop.lastError.contains("Loop"), "\(loop.errors)")
  }

  @Test("damaged files end with 65 and one line")
  func damaged() throws {
    let program = try BuiltProgram()
    let whole = try Data(contentsOf: URL(fileURLWithPath: Self.fixture("fcn-script")))
    try program.folder.write(whole.prefix(5000), "cut.onnx")
    try program.folder.write(Data("not ONNX".utf8), "text.onnx")
    for command in [["onnx", "inspect"], ["onnx", "check"], ["tag", "--model"]] {
      for file in ["cut.onnx", "text.onnx"] {
        let result = try program.run(arguments: command + [file] + (command[0] == "tag" ? ["clip.wav"] : []))
        #expect(result.code == 65, "\(command) \(file): \(result.code) \(result.errors)")
        #expect(
          result.errors.split(separator: "\n").count == 1 && result.errors.hasPrefix("error: "),
          "\(result.errors)")
      }
    }
    #expect(try program.run("onnx", "inspect", "gone.onnx").code == 66)
  }
}
