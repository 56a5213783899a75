/// What went wrong, in one line a user can act on: it names the value and the remedy.
public struct MtagError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of failure. It decides the program's exit code (DESIGN section 5, after BSD's sysexits).
  public enum Kind: Int32, Sendable, Codable {
    /// The call itself is wrong: an unknown name, a value out of range.
    case usage = 64
    /// A file was read, and what it holds cannot be used.
    case badData = 65
    /// A file or folder that was named is not there or cannot be opened.
    case inputMissing = 66
    /// A fault of the program itself.
    case internalFault = 70
    /// An output file or folder cannot be created.
    case cannotCreate = 73
    /// Reading or writing failed half-way: disk full, device gone.
    case inputOutput = 74
    /// The user interrupted the work.
    case interrupted = 130
  }

  /// The kind of failure.
  public let kind: Kind
  /// One line: the value, the fault and, where there is one, the remedy.
  public let message: String

  /// Makes an error from its kind and its one-line message.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// The message alone; the program puts `error: ` in front.
  public var description: String { message }

  /// The exit code of a program that stops because of this error.
  public var exitCode: Int32 { kind.rawValue }
}
