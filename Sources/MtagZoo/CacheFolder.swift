import Foundation

/// Where the program keeps what it can make again.
enum CacheFolder {
  /// `$MTAG_CACHE`, else the platform's cache folder for this program.
  static func standard(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
    if let folder = environment["MTAG_CACHE"], !folder.isEmpty { return folder }
    return platformFolder(environment) + "/mtag-zoo"
  }

  #if os(macOS)
    private static func platformFolder(_ environment: [String: String]) -> String {
      NSHomeDirectory() + "/Library/Caches"
    }
  #else
    /// The XDG base directory specification: `$XDG_CACHE_HOME` if it is absolute, else `~/.cache`.
    private static func platformFolder(_ environment: [String: String]) -> String {
      if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") { return folder }
      return NSHomeDirectory() + "/.cache"
    }
  #endif
}
