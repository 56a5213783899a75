import MtagCore
import MtagGraph
import MtagPlugins
import Testing

/// Files that were made to do harm cost no more than a moment.
@Suite struct HostileModelTests {
  private static func error(_ text: String) throws -> MtagError {
    let start = ContinuousClock.now
    let error = try #require(throws: MtagError.self) {
      let architecture = try DeclaredArchitecture(text: text, file: "a.yaml")
      _ = try architecture.graph(bands: 32, channels: 1, labels: 3)
    }
    #expect(start.duration(to: .now) < .seconds(20), "\(error.message)")
    return error
  }

  @Test(
    "aliases are refused before they are followed, wherever YAML takes them",
    arguments: [
      "a: &a [x, x]\nb: &b [*a, *a]", "? *a : b", "x: [1,*a]", "x: {k:*a}", "- *a", "*a", "x:\n  *a",
      "x: \"# \" \n? *a", "x: '# '\ny: *a", "# it's\nx: *a", "x: y # \"\n*a", "\u{FEFF}*a",
      "x: |\n  # a\n? *a",
      "# a\u{2028}k: *a", "# a\u{85}k: *a", "k: &a b",
    ])
  func aliases(_ text: String) throws {
    let error = try Self.error(text)
    #expect(error.kind == .badData && error.message.contains("aliases"), "\(error.message)")
  }

  @Test("products and ampersands in plain text are none")
  func noAliases() throws {
    let text = """
      name: a  # drum & bass, *loud*
      summary: Drum & Bass
      source: A &amp; B *2
      settings: {width: 2}
      layers:
        - conv: {channels: $width *2, kernel: 3}
        - mean: both
        - linear: $labels
      """
    let graph = try DeclaredArchitecture(text: text, file: "a.yaml").graph(bands: 32, channels: 1, labels: 3)
    #expect(try graph.layers(frames: 9)[0].output.channels == 4)
  }

  @Test(
    "depth, repetitions and size are limited",
    arguments: [
      (String(repeating: "[", count: 100_000), "not valid YAML"),
      (String(repeating: "- ", count: 20_000), "not valid YAML"),
      (
        "name: a\nlayers: " + String(repeating: "[", count: 500) + String(repeating: "]", count: 500),
        "inside each other"
      ),
      ("name: a\nlayers: [{repeat: 1000000000, layers: [relu]}]", "1 … 1024"),
      ("name: a\nlayers: [{linear: \(String(repeating: "(", count: 900))$labels}]", "too many brackets"),
      ("name: a\nlayers: [{linear: $\(String(repeating: "a", count: 2000))}]", "write it shorter"),
      ("name: a\nsettings: {w: [\(String(repeating: "1,", count: 5000))1]}\nlayers: [relu]", "5001 values"),
      (
        "name: a\nlayers: [{repeat: 1000, layers: [{repeat: 1000, layers: [{repeat: 1000, layers: [relu]}]}]}]",
        "repeat less"
      ),
      (
        "name: a\nlayers: [{repeat: 1000, layers: [{repeat: 1000, layers: [{relu: , if: false}]}]}]",
        "repeat less"
      ),
      ("name: a\nlayers: [{linear: 9223372036854775807}]", "65536"),
      ("name: a\nlayers: [{conv: {channels: $labels * 9223372036854775807, kernel: 3}}]", "65536"),
      ("name: a\nlayers: [{select: -9223372036854775808}]", "select: frame must be"),
      (
        "name: a\nlayers: [{depthwise: {kernel: 3, multiplier: 65536}}, {depthwise: {kernel: 3, multiplier: 65536}}]",
        "channels"
      ),
      ("name: a\nlayers: [{dropout: .nan}]", "dropout"), ("name: a\nlayers: [{dropout: 1e999}]", "dropout"),
      (
        "name: a\nlayers: [{positions: [32, 4096]}, {mean: both}, {linear: 65536}, {linear: 65536}]",
        "65536 values for 3"
      ),
      ("name: " + String(repeating: "x", count: 300_000), "300006 bytes"),
      ("name: a\nlayers: [relu]\nsummary: " + String(repeating: "x", count: 3000), "summary has"),
      ("name: a\u{0}b\nlayers: [relu]", "not valid YAML"),
    ])
  func limits(_ text: String, _ expected: String) throws {
    let error = try Self.error(text)
    #expect(error.message.contains(expected), "\(error.message.prefix(300))")
  }

  @Test("whatever bytes come, there is an error and no crash")
  func randomBytes() throws {
    let sample = Array(DeclaredSamples.everything.utf8)
    let odd = Array(": -[]{}$*&#\n\"',|>!%@0".utf8)
    var random = RandomGenerator(seed: 7)
    for _ in 0..<1000 {
      var bytes = sample
      for _ in 0...Int(random.next() % 6) {
        let place = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 3 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: place)
        default: bytes.insert(odd[Int(random.next() % UInt64(odd.count))], at: place)
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      do {
        _ = try DeclaredArchitecture(text: text, file: "a.yaml").graph(bands: 64, channels: 1, labels: 5)
      } catch let error as MtagError {
        #expect(error.message.hasPrefix("a.yaml"), "\(error.message)")
      }
    }
  }
}
