#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A name with wildcards, as a shell reads them: `cnn*`, `mel?pec`, `[ab]*`.
struct NamePattern {
  private let text: String

  init(_ text: String) { self.text = text }

  func matches(_ name: String) -> Bool { fnmatch(text, name, 0) == 0 }
}
