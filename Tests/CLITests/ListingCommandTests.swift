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
