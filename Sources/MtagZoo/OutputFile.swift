import Foundation
import MtagCore

/// Looks at the name of a file before it is written: a slip on the command line must not cost the user a file.
enum OutputFile {
  /// Refuses a name with another ending than the file's kind has.
  /// - Throws: `MtagError` (usage).
  static func require(_ path: String, endsIn ending: String, what: String) throws {
    guard (path as NSString).pathExtension.lowercased() == ending else {
      throw MtagError(.usage, "\(path): the name of \(what) ends in .\(ending)")
    }
  }

  /// Refuses an output that is one of the inputs, under whatever name.
  /// - Throws: `MtagError` (usage).
  static func require(_ outputs: [String], differFrom inputs: [String]) throws {
    let resolved = Set(inputs.map(real))
    for output in outputs where resolved.contains(real(output)) {
      throw MtagError(.usage, "\(output) is what is read; write to another file")
    }
  }

  private static func real(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }
}
