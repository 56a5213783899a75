import MtagCore

/// A place in a file, both numbers from 1.
struct Place: Hashable, Sendable {
  let line: Int
  let column: Int

  static let start = Place(line: 1, column: 1)
}

/// What is wrong with a declared model, and where.
struct DeclarationFault: Error {
  let place: Place
  let message: String
  /// badData for what no input could mend, usage for what other features or settings could.
  let kind: MtagError.Kind

  init(_ place: Place, _ message: String, kind: MtagError.Kind = .badData) {
    self.place = place
    self.message = message
    self.kind = kind
  }

  /// `cnn.yaml:12:9: …`: the form that editors make a link of.
  func error(in file: String) -> MtagError {
    MtagError(kind, "\(file):\(place.line):\(place.column): \(message)")
  }
}
