import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How much memory this process may ever have, so that a size from a file or a command line is refused with a sentence
/// instead of ending in a failed allocation.
package enum MachineMemory {
  /// The machine's memory, or the process's own limit (`ulimit -v`) if that is lower, in bytes.
  package static var limitBytes: Int {
    let physical = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
    #else
      let resource = RLIMIT_AS
    #endif
    guard getrlimit(resource, &limit) == 0 else { return physical }
    return min(physical, Int(clamping: limit.rlim_cur))
  }

  /// Whether `floats` 32-bit floats could be had at all.
  /// - Throws: `MtagError` (usage) that names `purpose` and both sizes.
  package static func require(floats: Int, for purpose: String, remedy: String) throws {
    let (bytes, overflows) = floats.multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    guard overflows || bytes > limitBytes else { return }
    let wanted = overflows ? "more than any machine has" : "\(gibibytes(bytes)) GiB"
    throw MtagError(
      .usage, "\(purpose) needs \(wanted), and there are \(gibibytes(limitBytes)) GiB; \(remedy)")
  }

  private static func gibibytes(_ bytes: Int) -> Int { (bytes + (1 << 30) - 1) >> 30 }
}
