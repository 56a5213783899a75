import MtagZoo
import Testing

@Suite struct DurationTextTests {
  @Test(
    "lengths of time are read as people type them",
    arguments: [("20m", 1200.0), ("1h30m", 5400), ("90s", 90), ("90", 90), ("1.5m", 90), ("2h", 7200)])
  func reads(_ text: String, _ seconds: Double) throws {
    #expect(try DurationText.seconds(text) == seconds)
  }

  @Test(
    "anything else is refused with an example",
    arguments: ["", "m", "soon", "0", "-5m", "5 m", "1..5m", "1d"])
  func refuses(_ text: String) {
    let error = #expect(throws: MtagError.self) { try DurationText.seconds(text) }
    #expect(error?.kind == .usage && error?.message.contains("20m") == true)
  }
}
