import Foundation
import MtagCore
import MtagKernels

/// OpenBLAS, opened when the first network needs it, so that programs which need it not start without it.
///
/// OpenBLAS chooses its kernels when it is loaded, and one that is older than the CPU may take it for a lesser, at half the
/// speed. Then it is closed and loaded once more with `OPENBLAS_CORETYPE`, its own word for this, set meanwhile. A choice of
/// the user (that variable) or of whoever loaded the library into this process before us stands.
package struct OpenBLASLibrary: Sendable {
  /// OpenBLAS's name for the CPU whose kernels it runs, such as `SkylakeX`.
  package let coreName: String
  /// Such as `0.3.21`.
  let version: String
  let multiply: Multiply

  /// `cblas_sgemm` with its enumerations as numbers.
  typealias Multiply =
    @convention(c) (
      _ order: UInt32, _ transposesA: UInt32, _ transposesB: UInt32, _ rows: Int32, _ columns: Int32,
      _ depth: Int32, _ factor: Float, _ a: UnsafePointer<Float>, _ aStride: Int32, _ b: UnsafePointer<Float>,
      _ bStride: Int32, _ cFactor: Float, _ c: UnsafeMutablePointer<Float>, _ cStride: Int32
    ) -> Void

  #if os(macOS)
    /// Where OpenBLAS is looked for, in this order.
    package static let names = [
      "/opt/homebrew/opt/openblas/lib/libopenblas.dylib", "/usr/local/opt/openblas/lib/libopenblas.dylib",
      "libopenblas.dylib",
    ]
    private static let remedy = "brew install openblas"
  #else
    /// Where OpenBLAS is looked for, in this order.
    package static let names = ["libopenblas.so.0", "libopenblasp.so.0", "libopenblas.so"]
    private static let remedy = "apt install libopenblas0"
  #endif

  /// Opens the library.
  /// - Parameters:
  ///   - names: files to try.
  ///   - better: the core that it should use instead of the one it chose, or nil.
  /// - Throws: `MtagError` (usage) if it is not installed.
  package init(
    names: [String] = Self.names,
    better: (_ chosen: String) -> String? = { betterCore(than: $0, level: Kernels.available[0]) }
  ) throws {
    if let loaded = Self.open(names, flags: RTLD_NOLOAD) {
      try self.init(loaded)
      return
    }
    // One thread: the engine cuts the work itself, and idle threads of the library would only cost their start.
    let isThreadCountSet = getenv("OPENBLAS_NUM_THREADS") != nil
    if !isThreadCountSet { setenv("OPENBLAS_NUM_THREADS", "1", 1) }
    defer { if !isThreadCountSet { unsetenv("OPENBLAS_NUM_THREADS") } }
    let first = try Self.openOrThrow(names)
    let chosen = try OpenBLASLibrary(first)
    guard getenv("OPENBLAS_CORETYPE") == nil, let better = better(chosen.coreName) else {
      self = chosen
      return
    }
    setenv("OPENBLAS_CORETYPE", better, 1)
    defer { unsetenv("OPENBLAS_CORETYPE") }
    dlclose(first)
    try self.init(Self.openOrThrow(names))
  }

  /// The core that OpenBLAS should be told to use on a CPU of this level of ours, or nil if what it chose is no lesser.
  package static func betterCore(than core: String, level: String) -> String? {
    let withoutAVX2 = [
      "Prescott", "Core2", "Penryn", "Dunnington", "Atom", "Nehalem", "Sandybridge", "Athlon", "Opteron",
      "Opteron(SSE3)", "Barcelona", "Bobcat", "Bulldozer", "Piledriver", "Steamroller", "Nano",
    ]
    let withoutAVX512 = withoutAVX2 + ["Haswell", "Zen", "Excavator"]
    switch level {
    case "v4": return withoutAVX512.contains(core) ? "SkylakeX" : nil
    case "v3": return withoutAVX2.contains(core) ? "Haswell" : nil
    default: return nil
    }
  }

  // MARK: - Loading

  private init(_ handle: UnsafeMutableRawPointer) throws {
    typealias Text = @convention(c) () -> UnsafePointer<CChar>
    typealias SetThreads = @convention(c) (Int32) -> Void
    coreName = String(
      cString: unsafeBitCast(try Self.symbol("openblas_get_corename", handle), to: Text.self)())
    let configuration = String(
      cString: unsafeBitCast(try Self.symbol("openblas_get_config", handle), to: Text.self)())
    version = configuration.split(separator: " ").dropFirst().first.map(String.init) ?? configuration
    multiply = unsafeBitCast(try Self.symbol("cblas_sgemm", handle), to: Multiply.self)
    unsafeBitCast(try Self.symbol("openblas_set_num_threads", handle), to: SetThreads.self)(1)
  }

  private static func open(_ names: [String], flags: Int32) -> UnsafeMutableRawPointer? {
    for name in names {
      if let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL | flags) { return handle }
    }
    return nil
  }

  private static func openOrThrow(_ names: [String]) throws -> UnsafeMutableRawPointer {
    guard let handle = open(names, flags: 0) else {
      let reason = dlerror().map { String(cString: $0) } ?? "unknown reason"
      throw MtagError(.usage, "OpenBLAS cannot be loaded (\(reason)); install it: \(remedy)")
    }
    return handle
  }

  private static func symbol(_ name: String, _ handle: UnsafeMutableRawPointer) throws
    -> UnsafeMutableRawPointer
  {
    guard let symbol = dlsym(handle, name) else {
      throw MtagError(.usage, "this OpenBLAS has no '\(name)'; install a complete one: \(remedy)")
    }
    return symbol
  }
}
