import Foundation
import MtagTestSupport
import Testing

@Suite struct CacheCommandTests {
  private let program: BuiltProgram
  private let train =
    "train --set 'widths=[4,4]' --set hidden=8 --dataset music --epochs 1 --crop 16 --batch-size 4 --threads 2"

  init() throws {
    program = try BuiltProgram()
    try program.writeMusic()
  }

  private func info() throws -> [String: Any] { try program.run("cache", "info", "--json").object() }

  private func maps() throws -> Int { try info()["maps"] as? Int ?? -1 }

  private func weights(_ run: String) -> Data? {
    FileManager.default.contents(atPath: program.folder.file(run + "/best.safetensors"))
  }

  @Test(
    "info and clear show and free what a training run left; a warm run has the same weights as a cold one")
  func road() throws {
    #expect(try program.run("cache", "info").code == 0)
    #expect(try maps() == 0)
    #expect(try program.run(shell: { "\($0) \(train) --out cold" }).code == 0)
    let info = try info()
    #expect(info["maps"] as? Int == 12 && info["limit_is_automatic"] as? Bool == true)
    #expect((info["index_bytes"] as? Int ?? 0) + (info["starter_bytes"] as? Int ?? -1) >= 0)
    let feature = try #require((info["features"] as? [[String: Any]])?.first)
    #expect(
      feature["name"] as? String == "melspec" && feature["maps"] as? Int == 12
        && feature["half"] as? Int == 12)
    #expect(feature["bytes"] as? Int == info["bytes"] as? Int && feature["oldest_use"] is String)
    let table = try program.run("cache", "info", "--cache-limit", "1GiB")
    #expect(table.output.contains("1.07 GB") && table.output.contains("melspec"), "\(table.output)")

    #expect(try program.run(shell: { "\($0) \(train) --out warm" }).code == 0)
    #expect(weights("warm") != nil && weights("warm") == weights("cold"))

    #expect(
      try program.run("cache", "clear", "--older-than", "1h").lines == ["removed 0 maps: 0 bytes freed"])
    #expect(
      try program.run("cache", "clear", "--features", "melspec-peak").lines == [
        "removed 0 maps: 0 bytes freed"
      ])
    let hash = try #require(feature["sha256"] as? String)
    let cleared = try program.run("cache", "clear", "--features", String(hash.prefix(8)), "--json").object()
    #expect(cleared["maps"] as? Int == 12 && cleared["bytes"] as? Int == info["bytes"] as? Int)
    #expect(try maps() == 0)
    #expect(try program.run("cache", "clear").code == 0)
  }

  @Test("--cache-limit bounds the folder, $MTAG_CACHE_LIMIT as well, and neither changes a weight")
  func limits() throws {
    #expect(try program.run(shell: { "\($0) \(train) --out free" }).code == 0)
    let bounded = try program.run(shell: { "\($0) \(train) --out bounded --cache-limit 50kB" })
    #expect(
      bounded.code == 0 && bounded.errors.contains("do not fit into the cache's limit of 50.0 kB"),
      "\(bounded.errors)")
    #expect(bounded.errors.components(separatedBy: "--cache-limit").count == 2)
    let (count, bytes) = (try maps(), try info()["bytes"] as? Int ?? .max)
    #expect((1...5).contains(count) && bytes <= 50_000, "\(count) maps, \(bytes) bytes; \(bounded.errors)")
    let none = try program.run(shell: { "MTAG_CACHE_LIMIT=0 \($0) \(train) --out none" })
    #expect(none.code == 0 && !none.errors.contains("fit"), "\(none.errors)")
    #expect(try maps() == 0)
    let option = try program.run(shell: {
      "MTAG_CACHE_LIMIT=0 \($0) evaluate free --dataset music --cache-limit 1MB"
    })
    #expect(try option.code == 0 && maps() == 12)
    #expect(weights("bounded") == weights("free") && weights("none") == weights("free"))
  }

  @Test(
    "a wrong call is bad usage",
    arguments: [
      "cache clear --features nothing", "cache clear --older-than soon", "cache clear --older-than 0d",
      "cache info --cache-limit much", "train --cache-limit -1", "evaluate --cache-limit 5bananas",
      "cache drop",
    ])
  func wrongCalls(_ arguments: String) throws {
    let result = try program.run(shell: { "\($0) \(arguments)" })
    #expect(
      result.code == 64 && result.output.isEmpty && !result.errors.isEmpty, "\(arguments): \(result.errors)")
  }

  @Test("a folder that is none is missing input in one line; a variable that is no size is bad usage")
  func wrongFolder() throws {
    try program.folder.write("a file", "file")
    for command in ["info", "clear"] {
      let result = try program.run(shell: { "MTAG_CACHE=file \($0) cache \(command)" })
      #expect(
        result.code == 66
          && result.errors == "error: the cache folder file is no folder; set MTAG_CACHE to one\n")
      #expect(try program.run(shell: { "MTAG_CACHE=gone \($0) cache \(command)" }).code == 0)
    }
    #expect(try program.run(shell: { "MTAG_CACHE=file \($0) \(train)" }).code == 73)
    #expect(!FileManager.default.fileExists(atPath: program.folder.file("gone")))
    let result = try program.run(shell: { "MTAG_CACHE_LIMIT=much \($0) \(train)" })
    #expect(result.code == 64 && result.lastError.contains("MTAG_CACHE_LIMIT 'much'"), "\(result.errors)")
  }

  @Test("where maps cannot be written, the rest goes on and one line says so")
  func noSpace() throws {
    #expect(try program.run(shell: { "\($0) \(train) --out run" }).code == 0)
    #expect(try program.run("cache", "clear").code == 0)
    let evaluate = "evaluate run --dataset music --quiet --json"
    let whole = try program.run(shell: { "\($0) \(evaluate)" })
    #expect(try program.run("cache", "clear").code == 0)
    // No file may be longer than 4 kB.
    let cramped = try program.run(shell: { "ulimit -f 8; \($0) \(evaluate)" })
    #expect(cramped.code == 0 && cramped.output == whole.output, "\(cramped.errors)")
    #expect(
      cramped.errors.split(separator: "\n").count == 1 && cramped.errors.contains("cannot keep 12 maps"),
      "\(cramped.errors)")
    #expect(try maps() == 0)
  }

  @Test(
    "several programs that compute, bound and clear the same features at once all end well with the same weights"
  )
  func together() throws {
    #expect(try program.run(shell: { "MTAG_CACHE=elsewhere \($0) \(train) --out alone" }).code == 0)
    let result = try program.run(shell: { program in
      """
      pids=; for i in 1 2 3 4; do
        limit=1GB; [ $i = 4 ] && limit=60kB
        \(program) \(train) --out run$i --cache-limit $limit & pids="$pids $!"
      done
      for i in 1 2 3 4 5 6; do \(program) cache clear >/dev/null || exit 1; \(program) cache info >/dev/null || exit 2; done
      for pid in $pids; do wait $pid || exit 3; done
      """
    })
    #expect(result.code == 0, "\(result.errors)")
    for run in 1...4 {
      #expect(weights("run\(run)") != nil && weights("run\(run)") == weights("alone"), "run \(run)")
    }
  }
}
