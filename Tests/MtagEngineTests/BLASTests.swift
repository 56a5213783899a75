import Foundation
import MtagCore
import MtagEngine
import MtagKernels
import Testing

@Suite struct BLASTests {
  // The library chooses once a process, so each of these has a process of its own, and its own word on the variable.

  @Test("where there is AVX-512, OpenBLAS runs no kernels without it, and leaves the environment as it was")
  func level() async {
    await #expect(processExitsWith: .success) {
      unsetenv("OPENBLAS_CORETYPE")
      let core = try BLAS.load().coreName
      #expect(OpenBLASLibrary.betterCore(than: core, level: Kernels.available[0]) == nil, "\(core)")
      #expect(getenv("OPENBLAS_CORETYPE") == nil)
    }
  }

  #if os(Linux) && arch(x86_64)
    @Test("a library that chose a lesser core is loaded once more with the better one")
    func reload() async {
      await #expect(processExitsWith: .success) {
        unsetenv("OPENBLAS_CORETYPE")
        let library = try OpenBLASLibrary(better: { _ in "Nehalem" })
        #expect(library.coreName == "Nehalem")
        #expect(getenv("OPENBLAS_CORETYPE") == nil)
      }
    }

    @Test("the user's OPENBLAS_CORETYPE stands")
    func usersChoice() async {
      await #expect(processExitsWith: .success) {
        setenv("OPENBLAS_CORETYPE", "Nehalem", 1)
        let blas = try BLAS.load()
        #expect(blas.coreName == "Nehalem")
        #expect(getenv("OPENBLAS_CORETYPE").map { String(cString: $0) } == "Nehalem")
      }
    }
  #endif

  @Test("a library that is not there is refused with what to install")
  func missing() {
    let error = #expect(throws: MtagError.self) { try OpenBLASLibrary(names: ["libno-such-blas.so.0"]) }
    #expect(error?.message.contains("libno-such-blas") == true && error?.message.contains("install") == true)
  }

  @Test("only a core below the CPU's own level is replaced; names we do not know stand")
  func betterCore() {
    #expect(OpenBLASLibrary.betterCore(than: "Haswell", level: "v4") == "SkylakeX")
    #expect(OpenBLASLibrary.betterCore(than: "Zen", level: "v4") == "SkylakeX")
    for core in ["SkylakeX", "Cooperlake", "SapphireRapids", "neoversen1", "something new"] {
      #expect(OpenBLASLibrary.betterCore(than: core, level: "v4") == nil)
    }
    #expect(OpenBLASLibrary.betterCore(than: "Sandybridge", level: "v3") == "Haswell")
    #expect(OpenBLASLibrary.betterCore(than: "Haswell", level: "v3") == nil)
    #expect(OpenBLASLibrary.betterCore(than: "Nehalem", level: "base") == nil)
  }

  static let sizes = [1, 2, 3, 5, 15, 17, 100]

  @Test("a product is the naive one, in pieces or not, at any number of threads", arguments: sizes, sizes)
  func product(rows: Int, columns: Int) throws {
    for (depth, isTransposed) in [(7, false), (300, true)] { try check(rows, columns, depth, isTransposed) }
  }

  @Test("large products are cut, along either side", arguments: [(2100, 130), (130, 2100)])
  func largeProduct(rows: Int, columns: Int) throws {
    for isTransposed in [false, true] { try check(rows, columns, 40, isTransposed) }
  }

  private func check(_ rows: Int, _ columns: Int, _ depth: Int, _ isTransposed: Bool) throws {
    var random = RandomGenerator(seed: 4)
    let a = (0..<(rows * depth)).map { _ in random.uniform(-1, 1) }
    let b = (0..<(depth * columns)).map { _ in random.uniform(-1, 1) }
    let start = (0..<(rows * columns)).map { _ in random.uniform(-1, 1) }
    let blas = try BLAS.load()
    var results: [[Float]] = []
    let left = copy(a)
    let right = copy(b)
    let c = AlignedBuffer(count: start.count)
    for threads in [1, 2, 3, 8] {
      c.pointer.update(from: start, count: start.count)
      blas.run(
        MatrixProduct(
          rows: rows, columns: columns, depth: depth,
          a: .init(left.pointer, stride: isTransposed ? rows : depth, isTransposed: isTransposed),
          b: .init(right.pointer, stride: isTransposed ? depth : columns, isTransposed: isTransposed),
          c: c.pointer, cStride: columns, accumulates: true),
        on: ParallelExecutor(threads: threads))
      results.append(Array(c.readOnly))
    }
    #expect(results.allSatisfy { $0 == results[0] }, "threads change the result")
    var largest = 0.0
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = Double(start[row * columns + column])
        for k in 0..<depth {
          let left = a[isTransposed ? k * rows + row : row * depth + k]
          let right = b[isTransposed ? column * depth + k : k * columns + column]
          sum += Double(left) * Double(right)
        }
        largest = max(largest, abs(sum - Double(results[0][row * columns + column])))
      }
    }
    #expect(
      largest <= 1e-6 * Double(depth).squareRoot() + 1e-6,
      "\(rows) × \(columns) × \(depth): off by \(largest)")
  }

  private func copy(_ values: [Float]) -> AlignedBuffer {
    let buffer = AlignedBuffer(count: values.count)
    buffer.pointer.update(from: values, count: values.count)
    return buffer
  }
}
