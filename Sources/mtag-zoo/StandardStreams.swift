import Foundation
import MtagZoo

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Results go to stdout, everything else to stderr.
enum StandardStreams {
  /// A reader that goes away (`| head`) is an ordinary end, seen when writing, not a signal.
  /// A file that reaches the process's limit (`ulimit -f`) is a failed write, not a signal.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }

  /// Writes a line of results. Ends the program quietly if nobody reads any more.
  /// - Throws: `MtagError` (inputOutput) if it cannot be written.
  static func result(_ line: String) throws {
    do {
      try write(line + "\n", to: STDOUT_FILENO)
    } catch let error as MtagError {
      if errno == EPIPE { exit(0) }
      throw error
    }
  }

  /// Writes a value as one line of JSON, keys sorted. With `namesFields`, keys are the fields' names in snake case; a type
  /// with keys of its own, which may be labels, keeps them.
  static func result(json value: some Encodable, namesFields: Bool = false) throws {
    let encoder = JSONEncoder()
    if namesFields { encoder.keyEncodingStrategy = .convertToSnakeCase }
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try result(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Writes to stderr; a stderr that cannot be written to is no reason to stop.
  static func message(_ text: String) { try? write(text, to: STDERR_FILENO) }

  /// Says why and ends the program.
  static func fail(_ line: String, code: Int32) -> Never {
    message(line + "\n")
    exit(code)
  }

  private static func write(_ text: String, to descriptor: Int32) throws {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let reason = errno
        let error = MtagError(
          .inputOutput, "the output cannot be written: \(String(cString: strerror(reason)))")
        errno = reason
        throw error
      }
      bytes = bytes.dropFirst(count)
    }
  }
}
