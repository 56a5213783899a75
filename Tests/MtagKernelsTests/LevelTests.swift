import MtagCore
import MtagKernelTypes
import MtagKernels
import Testing

@Suite struct LevelTests {
  @Test("an unknown level is refused with the levels this CPU has")
  func unknownLevel() {
    #expect(throws: MtagError.self) { try Kernels.table(level: "v9") }
  }

  @Test("every level of this CPU is there under its own name", arguments: Kernels.available)
  func levels(_ level: String) throws {
    #expect(try Kernels.table(level: level).level == level)
  }
}
