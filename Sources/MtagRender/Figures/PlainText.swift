/// Makes one printable line of any text.
enum PlainText {
  /// The most characters that are kept; what is longer cannot be read in a title anyway.
  private static let longest = 400
  /// Accents that may stand on one letter: more would climb into the lines around.
  private static let mostMarks = 3

  /// The text on one line: line breaks and other control characters become spaces, runs of spaces one space; characters that
  /// turn the direction of writing or mean nothing are dropped, and the middle of what is very long.
  static func line(_ text: String) -> String {
    var kept: [Unicode.Scalar] = []
    var marks = 0
    for scalar in text.unicodeScalars {
      marks = isMark(scalar) ? marks + 1 : 0
      if isSpace(scalar) {
        if let last = kept.last, last != " " { kept.append(" ") }
      } else if !isDropped(scalar) && marks <= mostMarks {
        kept.append(scalar)
      }
    }
    if kept.last == " " { kept.removeLast() }
    if kept.count > longest { kept.replaceSubrange(longest / 2..<kept.count - longest / 2 + 1, with: ["…"]) }
    var line = String.UnicodeScalarView()
    line.append(contentsOf: kept)
    return String(line)
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: true
    default: false
    }
  }

  /// Format characters but the joiners, which emoji and some scripts need, and what is no character.
  private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
    case .unassigned, .surrogate: true
    default: false
    }
  }
}
