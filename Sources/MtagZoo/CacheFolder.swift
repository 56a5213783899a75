import Foundation
package import MtagData

/// Where the program keeps what it can make again.
package enum CacheFolder {
  /// `$MTAG_CACHE`, else the platform's cache folder for this program.
  package static func standard(environment: [String: String] = ProcessInfo.processInfo.environment)
    -> String
  {
    if let folder = environment["MTAG_CACHE"], !folder.isEmpty { return folder }
    return platformFolder(environment) + "/mtag-zoo"
  }

  /// `$MTAG_CACHE_LIMIT`, else the automatic limit.
  /// - Throws: `MtagError` (usage) if the variable holds something else.
  package static func limit(environment: [String: String] = ProcessInfo.processInfo.environment) throws
    -> CacheLimit
  {
    guard let text = environment["MTAG_CACHE_LIMIT"], !text.isEmpty else { return .automatic }
    return try CacheLimit(parsing: text, source: "MTAG_CACHE_LIMIT")
  }

  #if os(macOS)
    private static func platformFolder(_ environment: [String: String]) -> String {
      NSHomeDirectory() + "/Library/Caches"
    }
  #else
    /// The XDG base directory specification: `$XDG_CACHE_HOME` if it is absolute, else `~/.cache`.
    private static func platformFolder(_ environment: [String: String]) -> String {
      if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") { return folder }
      // $HOME first: NSHomeDirectory asks the password file, which in containers names a folder that is not there.
      if let home = environment["HOME"], home.hasPrefix("/") { return home + "/.cache" }
      return NSHomeDirectory() + "/.cache"
    }
  #endif
}
