import CCPUFeatures
import Foundation
import MtagCore
public import MtagKernelTypes
import MtagKernelsBase
import MtagKernelsV3
import MtagKernelsV4

/// Chooses the hot loops for this CPU, once.
public enum Kernels {
  /// The names of the levels this CPU can run, best first.
  public static let available: [String] = {
    switch mtag_x86_level() {
    case 4: ["v4", "v3", "base"]
    case 3: ["v3", "base"]
    default: ["base"]
    }
  }()

  /// The loops in use: the best level of this CPU, or the one that the environment variable `MTAG_KERNELS` names.
  /// - Throws: `MtagError` (usage) if it names a level that is unknown or that this CPU cannot run.
  public static func table() throws -> KernelTable { try selected.get() }

  /// The loops of one level.
  /// - Throws: `MtagError` (usage) if the level is unknown or this CPU cannot run it.
  public static func table(level: String) throws -> KernelTable {
    guard available.contains(level) else {
      throw MtagError(
        .usage,
        "MTAG_KERNELS=\(level): this CPU runs \(available.joined(separator: ", ")); use one of these or unset it"
      )
    }
    switch level {
    case "v4": return MtagKernelsV4.makeKernelTable()
    case "v3": return MtagKernelsV3.makeKernelTable()
    default: return MtagKernelsBase.makeKernelTable()
    }
  }

  private static let selected: Result<KernelTable, any Error> = Result {
    let wanted = ProcessInfo.processInfo.environment["MTAG_KERNELS"] ?? ""
    return try table(level: wanted.isEmpty ? available[0] : wanted)
  }
}
