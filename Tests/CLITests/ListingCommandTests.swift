import Foundation
import MtagTestSupport
import Testing

@Suite struct ListingCommandTests {
  @Test("help names every command and what it does; nothing is named that is not there")
  func help() throws {
    let result = try BuiltProgram().run("--help")
    #expect(result.code == 0 && result.errors.isEmpty)
    let commands = result.lines.drop { $0 != "SUBCOMMANDS:" }.dropFirst()
      .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.contains("See '") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
    #expect(
      commands == [
        "list", "info", "train", "evaluate", "tag", "export", "render", "extract", "features", "bench",
        "dataset", "cache",
      ])
    for command in commands {
      let help = try BuiltProgram().run(command, "--help")
      #expect(help.code == 0 && help.output.contains("USAGE: mtag-zoo \(command)"), "\(command)")
    }
  }

  @Test("list shows models, features and data sets with their costs, for people and as JSON")
  func list() throws {
    let program = try BuiltProgram()
    let text = try program.run("list")
    #expect(text.code == 0 && text.output.contains("cnn4") && text.output.contains("melspec-peak"))
    #expect(text.output.contains("starter"))
    let models = try program.run("list", "models", "cnn*", "--json").object()
    let rows = try #require(models["models"] as? [[String: Any]])
    #expect(rows.contains { $0["name"] as? String == "cnn4" } && models["features"] == nil)
    #expect(
      rows.allSatisfy { $0["macs"] is Int && $0["front_end_macs"] is Int && $0["minimum_seconds"] is Double })
    #expect(try program.run("list", "models", "--exclude", "*").output.isEmpty)
    let unknown = try program.run("list", "cnn44")
    #expect(unknown.code == 64 && unknown.lastError.contains("'cnn4'"), "\(unknown.errors)")
  }

  @Test("info shows a layer table whose totals are those of list")
  func info() throws {
    let program = try BuiltProgram()
    let result = try program.run("info", "cnn4")
    #expect(result.code == 0 && result.output.contains("block4.pool"))
    let total = try #require(result.lines.last).split(separator: " ").map(String.init)
    let models = try program.run("list", "models", "cnn4", "--json").object()["models"] as? [[String: Any]]
    let row = try #require(models?.first)
    #expect(total == ["total", "\(row["parameters"] ?? "")", "\(row["macs"] ?? "")"])
    let small = try program.run("info", "cnn4", "--set", "widths=[8,8]")
    #expect(small.output.contains("block2.pool") && !small.output.contains("block3"))
    #expect(try program.run("info", "librosa").output.contains("sha256"))
    #expect(try program.run("info", "cnn5").lastError.contains("did you mean 'cnn4'"))
  }

  @Test(
    "the table of models fits a terminal of 120 columns, in natural order, and --verbose says what each is")
  func table() throws {
    let program = try BuiltProgram()
    let lines = try program.run("list", "models").lines
    #expect(lines.allSatisfy { $0.count <= 120 }, "\(lines.map(\.count).max() ?? 0)")
    let names = lines.dropFirst().map { String($0.prefix { $0 != " " }) }.filter {
      !$0.isEmpty && !$0.hasPrefix("(")
    }
    #expect(names.contains("tutorial-cnn") && names.contains("small-resnet-se"))
    #expect(try program.run("list", "models", "--verbose").output.contains("squeeze-and-excitation"))
    let some = try program.run("list", "models", "cnn4*", "tutorial*", "--exclude", "cnn4-*", "--json")
      .object()
    let rows = try #require(some["models"] as? [[String: Any]])
    #expect(rows.compactMap { $0["name"] as? String } == ["cnn4", "tutorial-cnn"])
    #expect(
      rows.allSatisfy { $0["features"] is String && $0["input_frames"] is Int && $0["minimum_frames"] is Int }
    )
    #expect(rows[1]["parameters"] as? Int == 40_122 && rows[1]["receptive_field_frames"] is Int)
    let all =
      try program.run("list", "models", "small-resnet-se", "--json").object()["models"] as? [[String: Any]]
    #expect(all?.first?["receptive_field_frames"] is NSNull, "squeeze-and-excitation sees the whole clip")
  }

  @Test("info is there as JSON too: layers with what they read, a feature's hash")
  func infoJSON() throws {
    let program = try BuiltProgram()
    let info = try program.run("info", "small-resnet-se", "--json", "--set", "stem=8").object()
    #expect(info["kind"] as? String == "architecture" && info["maximum_frames"] is NSNull)
    #expect((info["settings"] as? [String: Any])?["stem"] as? Int == 8)
    let layers = try #require(info["layers"] as? [[String: Any]])
    let sum = try #require(layers.first { $0["name"] as? String == "block1.residual" })
    #expect((sum["inputs"] as? [String])?.count == 2 && (sum["output_shape"] as? [Int])?.count == 3)
    #expect(try program.run("info", "melspec", "--json").object()["sha256"] is String)
    #expect(
      try program.run("info", "small-resnet-se").output.contains(
        "block1.residual.se, block1.residual.shortcut.norm"))
  }

  @Test("a model of the user's own is a file; what is wrong in it is said by line")
  func file() throws {
    let program = try BuiltProgram()
    let text =
      "name: mine\nlayers:\n  - conv: {channels: 4, kernel: 3}\n  - mean: both\n  - linear: $labels\n"
    try program.folder.write(text, "mine.yaml")
    #expect(try program.run("list", "mine.yaml").output.contains("mine"))
    #expect(try program.run("info", "mine.yaml").lines.last?.hasPrefix("total") == true)
    #expect(try program.run("export", "--onnx", "--model", "mine.yaml").output == "mine.onnx\n")
    try program.folder.write(text.replacing("kernel", with: "kernal"), "wrong.yaml")
    let wrong = try program.run("train", "--model", "wrong.yaml")
    #expect(wrong.code == 65)
    #expect(
      wrong.lastError == "error: wrong.yaml:3:25: 'conv' has no attribute 'kernal'; did you mean 'kernel'?",
      "\(wrong.errors)")
    let missing = try program.run("train", "--model", "gone.yaml")
    #expect(missing.code == 66 && missing.lastError.contains("gone.yaml"))
  }

  @Test("weights of another program are compared before they are used")
  func weights() throws {
    let program = try BuiltProgram()
    let file = Fixture.folder.appendingPathComponent("weights/pytorch.safetensors").path
    let table = try program.run("info", "cnn4", "--weights", file)
    #expect(table.code == 0 && table.output.contains("not used here"), "\(table.errors)")
    let rows = try program.run("info", "cnn4", "--weights", file, "--json").object()
    #expect(rows["taken"] as? Int == 0 && (rows["unused"] as? [Any])?.isEmpty == false)
    #expect(try program.run("info", "cnn4", "--axes", "frames-bands").code == 64)
    #expect(try program.run("info", "cnn4", "--weights", "gone.safetensors").code == 66)
    try program.writeMusic()
    let none = try program.run("train", "--dataset", "music", "--init", file)
    #expect(none.code == 65 && none.lastError.contains("no tensor fits cnn4"), "\(none.errors)")
  }

  @Test("a reader that goes away ends the program quietly, a full disk is an error")
  func brokenPipe() throws {
    let program = try BuiltProgram()
    let gone = try program.run("list", shell: { "\($0) | true; echo done" })
    #expect(gone.output == "done\n" && gone.errors.isEmpty)
    #if os(Linux)
      let full = try program.run("list", shell: { "\($0) > /dev/full" })
      #expect(full.code == 74 && full.lastError.hasPrefix("error: "), "\(full.code) \(full.errors)")
    #endif
  }
}
