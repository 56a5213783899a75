/// The dictionary in the header of a `.npy` file: exactly the keys `descr`, `fortran_order` and `shape`, in any order, as
/// Python prints them.
struct NPYHeader {
  private(set) var description = ""
  private(set) var isFortranOrder = false
  private(set) var shape: [Int] = []

  /// Nil if the text is anything else.
  init?(_ text: String) {
    var rest = Substring(text)
    guard Self.take("{", &rest) else { return nil }
    var seen: Set<String> = []
    while !Self.take("}", &rest) {
      guard let key = Self.quoted(&rest), Self.take(":", &rest), seen.insert(key).inserted else { return nil }
      guard readValue(of: key, &rest) else { return nil }
      if Self.take(",", &rest) { continue }
      guard Self.take("}", &rest) else { return nil }
      break
    }
    guard seen.count == 3, rest.allSatisfy(\.isWhitespace) else { return nil }
  }

  private mutating func readValue(of key: String, _ rest: inout Substring) -> Bool {
    switch key {
    case "descr":
      guard let value = Self.quoted(&rest) else { return false }
      description = value
    case "fortran_order":
      isFortranOrder = Self.take("True", &rest)
      return isFortranOrder || Self.take("False", &rest)
    case "shape":
      guard let value = Self.tuple(&rest) else { return false }
      shape = value
    default: return false
    }
    return true
  }

  private static func take(_ token: String, _ rest: inout Substring) -> Bool {
    rest = rest.drop(while: \.isWhitespace)
    guard rest.hasPrefix(token) else { return false }
    rest.removeFirst(token.count)
    return true
  }

  private static func quoted(_ rest: inout Substring) -> String? {
    for quote in ["'", "\""] where take(quote, &rest) {
      guard let end = rest.firstIndex(of: Character(quote)) else { return nil }
      let value = String(rest[..<end])
      rest = rest[rest.index(after: end)...]
      return value
    }
    return nil
  }

  private static func tuple(_ rest: inout Substring) -> [Int]? {
    guard take("(", &rest) else { return nil }
    var values: [Int] = []
    while !take(")", &rest) {
      rest = rest.drop(while: \.isWhitespace)
      let digits = rest.prefix { ("0"..."9").contains($0) }
      // A count that does not fit an Int is refused here, as is a sign.
      guard let value = Int(digits) else { return nil }
      values.append(value)
      rest.removeFirst(digits.count)
      if take(",", &rest) { continue }
      guard take(")", &rest) else { return nil }
      break
    }
    return values
  }
}
