import Foundation
import MtagTestSupport
import Testing

/// The commands of the brief, in a user's order, on a few tones.
@Suite struct RoadCommandTests {
  @Test("train, evaluate, tag, export and render work one after the other without naming the run")
  func road() throws {
    let program = try BuiltProgram()
    try program.writeMusic()
    let trained = try program.train("--split", "random:0.7")
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(trained.output.contains("LABEL") && trained.output.contains("best.safetensors"))
    #expect(trained.errors.contains("epoch 2/2") && !trained.errors.contains("\u{1B}"), "\(trained.errors)")

    let evaluated = try program.run("evaluate", "--dataset", "music", "--json").object()
    #expect(evaluated["accuracy"] is Double)
    #expect(evaluated["labels"] as? [String] == ["high", "low"])
    #expect((evaluated["confusion"] as? [[Int]])?.joined().reduce(0, +) == 12)
    #expect((evaluated["skipped"] as? [Any])?.isEmpty == true)
    let low = (evaluated["per_label"] as? [String: [String: Any]])?["low"]
    #expect(low?["support"] as? Int == 6 && low?["accuracy"] is Double && low?["f1"] is Double)
    let split = evaluated["split"] as? [String: Any]
    #expect(split?["name"] as? String == "all" && (split?["sha256"] as? String)?.count == 64)

    let own = try program.run("evaluate", "--json").object()["split"] as? [String: Any]
    #expect(own?["name"] as? String == "random:0.7" && own?["part"] as? String == "valid")

    let exported = try program.run("export", "--onnx")
    #expect(exported.code == 0 && exported.lines.count == 1, "\(exported.errors)")
    #expect(FileManager.default.fileExists(atPath: program.folder.file(exported.lines[0])))

    let rendered = try program.run("render", "music/low/0.wav", "out.png")
    #expect(rendered.code == 0 && rendered.lines == ["out.png"])
    #expect(
      FileManager.default.contents(atPath: program.folder.file("out.png"))?.prefix(4)
        == Data([0x89, 0x50, 0x4E, 0x47]))
  }

  @Test("tag prints text, CSV and a JSON object a line; a bad clip has its own line and the exit code is 65")
  func tagging() throws {
    let program = try BuiltProgram()
    try program.writeMusic()
    try program.train("--out", "my run")
    try program.folder.write("no sound", "bad.wav")
    let json = try program.run(
      "tag", "music/low/0.wav", "bad.wav", "gone.wav", "--model", "my run", "--top", "1", "--json")
    #expect(json.code == 65 && json.lines.count == 3, "\(json.errors)")
    let objects = try json.lines.map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
    #expect(objects.map { $0["path"] as? String } == ["music/low/0.wav", "bad.wav", "gone.wav"])
    let tags = try #require(objects[0]["tags"] as? [[String: Any]])
    #expect(tags.count == 1 && tags[0]["label"] is String && tags[0]["score"] is Double)
    #expect(abs((objects[0]["seconds"] as? Double ?? 0) - 0.8) < 1e-3)
    #expect(objects[1]["error"] is String && objects[2]["error"] is String && objects[1]["tags"] == nil)

    try program.folder.write("no sound", "mixed/bad.wav")
    try program.folder.write(TestSound.tone(hertz: 300, seconds: 0.8, seed: 0), "mixed/good.wav")
    let mixed = try program.run("tag", "mixed", "--model", "my run")
    #expect(mixed.code == 65 && mixed.lines.count == 1 && mixed.errors.contains("bad.wav"), "\(mixed.errors)")

    let csv = try program.run("tag", "music", "--model", "my run", "--csv")
    #expect(csv.code == 0 && csv.lines.count == 1 + 12 * 2 && csv.lines[0] == "path,label,score")
    try program.folder.write("no sound", "music/low/bad.wav")
    for format in [["--csv"], []] {
      let some = try program.run(shell: { "\($0) tag music --model 'my run' --quiet \(format.joined())" })
      #expect(some.code == 65 && some.errors.contains("music/low/bad.wav"), "\(some.errors)")
    }
    let text = try program.run("tag", "music/low/0.wav", "--model", "my run", "--timeline")
    #expect(text.code == 0 && text.lines.count > 2 && text.lines[0].hasPrefix("music/low/0.wav: "))
    #expect(try program.run("tag", "gone.wav", "--model", "my run").code == 66)
  }

  @Test("extract and render take whole folders and keep their structure, whatever fails")
  func folders() throws {
    let program = try BuiltProgram()
    try program.writeMusic(clips: 2)
    try program.folder.write("no sound", "music/low/bad.wav")
    let extracted = try program.run("extract", "music", "--out", "npy", "--features", "librosa")
    #expect(extracted.code == 65 && extracted.lines.count == 4, "\(extracted.errors)")
    #expect(extracted.errors.contains("bad.wav"))
    #expect(extracted.lines == ["high/0", "high/1", "low/0", "low/1"].map { "npy/\($0).npy" })
    #expect(!extracted.errors.contains("decoding"))
    let verbose = try program.run("extract", "music", "--out", "npy", "--threads", "2", "--verbose")
    let line = verbose.errors.split(separator: "\n").first { $0.hasPrefix("time of 2 threads: decoding ") }
    for part in [" %, mixing and resampling ", " %, features ", " %, writing ", " %, other ", "; 4 clips, "] {
      #expect(line?.contains(part) == true, "\(verbose.errors)")
    }
    let array = try #require(FileManager.default.contents(atPath: program.folder.file("npy/low/1.npy")))
    #expect(array.prefix(6) == Data([0x93]) + Data("NUMPY".utf8))
    #expect(String(decoding: array.prefix(128), as: UTF8.self).contains("(128, 35)"))
    let rendered = try program.run("render", "music", "png", "--gray16")
    #expect(rendered.code == 65 && rendered.lines.count == 4)
    #expect(FileManager.default.fileExists(atPath: program.folder.file("png/high/0.png")))
  }

  @Test("Ctrl-C saves, exits with 130, and the run resumes")
  func interruption() throws {
    let program = try BuiltProgram()
    try program.writeMusic()
    let stop = "& p=$!; while [ ! -s run/metrics.jsonl ]; do sleep 0.05; done; kill -INT $p; wait $p"
    let train =
      "train --set 'widths=[4,4]' --dataset music --crop 16 --batch-size 2 --epochs 400 --patience 400 --out run"
    let stopped = try program.run(shell: { "\($0) \(train) \(stop)" })
    #expect(
      stopped.code == 130 && stopped.lastError.contains("--resume run"), "\(stopped.code) \(stopped.errors)")
    #expect(FileManager.default.fileExists(atPath: program.folder.file("run/last.safetensors")))
    let again = try program.run("train", "--resume", "run", shell: { "timeout 5 \($0); true" })
    #expect(again.errors.contains("epoch") && !again.errors.contains("error: config"), "\(again.errors)")
  }

  @Test("bench prints the promised JSON")
  func bench() throws {
    let program = try BuiltProgram()
    try program.writeMusic(clips: 1)
    let size = ["--set", "widths=[4]", "--frames", "32", "--repeats", "2", "--json"].joined(separator: " ")
    let train = try program.run(shell: { "\($0) bench train --batch-size 2 --threads 2 \(size)" }).object()
    #expect(train["unit"] as? String == "ms per step" && train["min"] is Double && train["median"] is Double)
    let convolution = try program.run(shell: {
      "\($0) bench convolution --input 6x40x8 --channels 8 --kernel 3x5 --stride 1x2 --groups 4 --json"
    }).object()
    #expect(convolution["operation"] as? String == "conv 3×5 /1×2 in 4 groups")
    for side in ["forward", "backward"] {
      let times = try #require(convolution[side] as? [String: Double])
      #expect(try #require(times["median"]) >= #require(times["min"]))
      #expect(try #require(convolution["\(side)_gflops"] as? Double) > 0)
    }
    let infer = try program.run(shell: { "\($0) bench infer --batch-size 1 --threads 1 \(size)" }).object()
    #expect(infer["unit"] as? String == "ms per clip" && infer["min"] is Double)
    let clip = "bench features music/low/0.wav --features librosa --threads 1 --repeats 2 --json"
    let features = try program.run(shell: { "\($0) \(clip)" }).object()
    for key in ["from_samples", "with_decoding"] {
      let times = try #require(features[key] as? [String: Double])
      #expect(times.keys.sorted() == ["median", "min"] && times.values.allSatisfy { $0 > 0 })
    }
  }

  @Test("dataset info and check count labels and name the clips that cannot be read")
  func dataset() throws {
    let program = try BuiltProgram()
    try program.writeMusic(clips: 3)
    let info = try program.run("dataset", "info", "music", "--json").object()
    #expect(info["clips"] as? Int == 6 && info["multi_label"] as? Bool == false)
    #expect(try program.run("dataset", "check", "music").code == 0)
    try program.folder.write("no sound", "music/low/bad.wav")
    let check = try program.run("dataset", "check", "music")
    #expect(check.code == 65 && check.output.contains("bad.wav"))
  }

  @Test("--quiet leaves stderr empty")
  func quiet() throws {
    let program = try BuiltProgram()
    try program.writeMusic()
    let result = try program.train("--quiet")
    #expect(result.code == 0 && result.errors.isEmpty && !result.output.isEmpty, "\(result.errors)")
  }
}
