import Foundation
import Testing

/// `bench`, as a user or a script runs it.
@Suite struct BenchCommandTests {
  private static let size = [
    "--set", "widths=[4,8]", "--set", "hidden=8", "--frames", "40", "--batch-size", "3", "--repeats", "3",
    "--threads", "2",
  ].map { "'\($0)'" }.joined(separator: " ")

  private func bench(_ what: String) throws -> BuiltProgram.Result {
    let result = try BuiltProgram().run(shell: { "\($0) bench \(what) \(Self.size)" })
    #expect(result.code == 0, "\(result.errors)")
    return result
  }

  @Test(
    "train --profile shows a row for each pass of each step, what the machine can do, and what limits the step"
  )
  func trainTable() throws {
    let lines = try bench("train --profile").lines
    #expect(lines[0].hasPrefix("STEP") && lines[0].contains("GFLOP/S") && lines[0].contains("OF PEAK"))
    for row in ["block1.conv", "block2.conv", "logits"] {
      for pass in [" forward ", " backward "] {
        #expect(lines.count { $0.hasPrefix(row) && $0.contains(pass) } == 1, "\(row)\(pass): \(lines)")
      }
    }
    for row in ["optimizer", "loss"] { #expect(lines.count { $0.hasPrefix(row) } == 1) }
    #expect(lines.contains { $0.hasPrefix("peak: ") && $0.contains("register tile on 2 threads") })
    #expect(lines.contains { $0.contains("ms by arithmetic") && $0.contains("furthest above: ") })
    #expect(lines.last?.hasPrefix("ms per step: min ") == true)
  }

  @Test(
    "the JSON of a profile holds the times as ever, and rows whose shares make the whole",
    arguments: ["train", "infer"])
  func json(_ what: String) throws {
    let object = try bench("\(what) --profile --json").object()
    let median = try #require(object["median"] as? Double)
    #expect(
      object["min"] is Double
        && object["unit"] as? String == (what == "train" ? "ms per step" : "ms per clip"))
    let profile = try #require(object["profile"] as? [String: Any])
    let peak = try #require(profile["peak"] as? [String: Any])
    #expect((peak["gigaflops"] as? Double ?? 0) > 0.1 && (peak["gigabytes_per_second"] as? Double ?? 0) > 0.1)
    let rows = try #require(profile["rows"] as? [[String: Any]])
    #expect(rows.allSatisfy { $0["name"] is String && $0["pass"] is String && $0["limit"] is String })
    let shares = rows.compactMap { $0["share"] as? Double }
    #expect(shares.count == rows.count && abs(shares.reduce(0, +) - 1) < 1e-6)
    #expect(
      Set(rows.compactMap { $0["pass"] as? String })
        == (what == "train" ? ["forward", "backward", ""] : ["forward", ""]))
    // Conv 2 has 4 × 8 channels of 3 × 3 at half the size: 2 operations for each of 3 clips × 64 × 20 × 288.
    let second = try #require(rows.first { ($0["name"] as? String)?.hasPrefix("block2.conv") == true })
    let rate = try #require(second["gigaflops"] as? Double)
    let milliseconds = try #require(second["milliseconds"] as? Double)
    #expect(abs(rate * milliseconds * 1e6 - 2 * 3 * 64 * 20 * 288) < 1)
    let least = rows.compactMap { $0["least_milliseconds"] as? Double }.reduce(0, +)
    let (arithmetic, memory) = (profile["arithmetic_milliseconds"], profile["memory_milliseconds"])
    #expect(abs((arithmetic as? Double ?? 0) + (memory as? Double ?? 0) - least) < 1e-9 && least > 0)
    let clips = what == "train" ? 1.0 : 3
    #expect((profile["milliseconds"] as? Double ?? 0) < 3 * clips * median + 1)
  }

  @Test("without --profile nothing is measured but the whole")
  func plain() throws {
    #expect(try bench("train --json").object()["profile"] == nil)
    #expect(try bench("infer").lines.count == 1)
  }

  @Test("features tells decoding, resampling and the transforms apart")
  func features() throws {
    let program = try BuiltProgram()
    try program.writeMusic(clips: 1)
    for preset in ["melspec", "panns"] {
      let found = try program.run("bench", "features", "music/low/0.wav", "--features", preset, "--json")
        .object()
      #expect(found["unit"] as? String == "ms per clip")
      for key in ["from_samples", "with_decoding", "decoding", "decoding_and_resampling", "transforms"] {
        let times = try #require(found[key] as? [String: Any], "\(key)")
        #expect((times["min"] as? Double ?? 0) > 0 && (times["median"] as? Double ?? 0) > 0)
      }
    }
    let lines = try program.run("bench", "features", "music/low/0.wav").lines
    #expect(lines.count == 5 && lines.last?.hasPrefix("Fourier transforms alone, ms per clip: min ") == true)
  }
}
