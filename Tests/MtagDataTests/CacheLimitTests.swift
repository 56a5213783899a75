import MtagCore
import MtagData
import Testing

@Suite struct CacheLimitTests {
  @Test(
    "sizes are read as people write them",
    arguments: [
      ("0", 0), ("1000", 1000), ("20GB", 20_000_000_000), ("500MB", 500_000_000), ("500 mb", 500_000_000),
      ("2GiB", 2 << 30), ("1.5MiB", 3 << 19), ("64k", 64_000), ("1T", 1_000_000_000_000), ("10b", 10),
    ])
  func parsed(_ text: String, bytes: Int) throws {
    #expect(try CacheLimit(parsing: text, source: "--cache-limit") == .bytes(bytes))
  }

  @Test(
    "what is no size is bad usage that names the option",
    arguments: [
      "", "GB", "-1", "-5GB", "1e9", "20 bananas", "nan", "inf", "1..5MB", "99999999999999TB", "1GBB", "٣GB",
    ])
  func refused(_ text: String) {
    let error = #expect(throws: MtagError.self) { try CacheLimit(parsing: text, source: "--cache-limit") }
    #expect(error?.kind == .usage && error?.message.hasPrefix("--cache-limit '\(text)'") == true)
  }

  @Test(
    "sizes are shown with three digits",
    arguments: [
      (0, "0 bytes"), (999, "999 bytes"), (1000, "1.00 kB"), (331_256, "331 kB"), (9_999_999, "10.0 MB"),
      (20_000_000_000, "20.0 GB"), (1_234_000_000_000, "1.23 TB"),
    ])
  func shown(_ bytes: Int, text: String) { #expect(ByteCount.text(bytes) == text) }

  @Test("without a limit the maps may take 10 GB, or half of what is free for them")
  func automatic() {
    let bytes = CacheLimit.automatic.bytes(folder: "/", used: 0)
    #expect(bytes > 0 && bytes <= CacheLimit.automaticBytes)
    #expect(CacheLimit.automatic.bytes(folder: "/", used: 1 << 50) == CacheLimit.automaticBytes)
    #expect(CacheLimit.bytes(5).bytes(folder: "/", used: 100) == 5)
  }
}
