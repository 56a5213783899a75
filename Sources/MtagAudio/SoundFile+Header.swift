internal import CSndFile
internal import Foundation
internal import MtagCore

/// What libsndfile says about a header, in words.
extension SoundFile {
  /// Container and encoding for people, as libsndfile names them.
  static func formatText(_ format: Int32) -> String {
    let parts = [SF_FORMAT_TYPEMASK, SF_FORMAT_SUBMASK].compactMap { mask in
      var description = SF_FORMAT_INFO()
      description.format = format & Int32(mask)
      let size = Int32(MemoryLayout<SF_FORMAT_INFO>.size)
      guard sf_command(nil, Int32(SFC_GET_FORMAT_INFO), &description, size) == 0 else { return String?.none }
      return description.name.map { String(cString: $0) }
    }
    return parts.isEmpty ? "format 0x\(String(format, radix: 16))" : parts.joined(separator: ", ")
  }

  /// A message of libsndfile without line ends and full stop, to stand inside a sentence.
  static func sentence(_ text: UnsafePointer<CChar>?) -> String {
    let line = text.map { String(cString: $0) } ?? "no reason given"
    let words = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.hasSuffix(".") ? String(words.dropLast()) : words
  }

  /// What is odd about the header of an open file, one line each: samples that it claims and the file does not hold.
  static func headerWarnings(_ handle: OpaquePointer, format: Int32, path: String) throws -> [String] {
    let major = Int(format) & SF_FORMAT_TYPEMASK
    if major == SF_FORMAT_RAW {
      return ["\(path): has no header; read as \(formatText(format)) because of its name"]
    }
    if major == SF_FORMAT_OGG, try !endsWithLastOggPage(path) {
      return ["\(path): the Ogg stream has no last page, the file was cut; what decodes is used"]
    }
    return missingBytes(inLog: headerLog(handle)).map {
      [
        "\(path): the header claims \($0.claimed) bytes of sound, the file holds \($0.held); what decodes is used"
      ]
    } ?? []
  }

  /// The log that libsndfile wrote while it read the header.
  private static func headerLog(_ handle: OpaquePointer) -> String {
    var log = [UInt8](repeating: 0, count: 16_384)
    let count = log.withUnsafeMutableBytes {
      sf_command(handle, Int32(SFC_GET_LOG_INFO), $0.baseAddress, Int32($0.count))
    }
    return String(decoding: log.prefix(max(0, Int(count))), as: UTF8.self)
  }

  /// Finds in a log the chunk of samples whose claimed size libsndfile cut to the file: `data : 4000 (should be 2000)`.
  ///
  /// Nothing but this log tells it. All bits set, in 31 or 32 bits, is what programs write that do not know the size.
  static func missingBytes(inLog log: String) -> (claimed: Int, held: Int)? {
    for line in log.split(whereSeparator: \.isNewline) {
      let parts = line.components(separatedBy: "(should be ")
      guard parts.count == 2, let colon = parts[0].lastIndex(of: ":") else { continue }
      let name = parts[0][..<colon].trimmingCharacters(in: .whitespaces)
      let numbers = [parts[0][parts[0].index(after: colon)...], Substring(parts[1].prefix { $0 != ")" })]
        .map { Int($0.trimmingCharacters(in: .whitespaces)) }
      guard !["RIFF", "RIFX", "RF64", "FORM"].contains(name) else { continue }
      guard let claimed = numbers[0], let held = numbers[1], claimed > held else { continue }
      if claimed != 0xFFFF_FFFF && claimed != 0x7FFF_FFFF { return (claimed, held) }
    }
    return nil
  }

  /// Whether the last Ogg page of a file says that it ends its stream (RFC 3533, header type flag 4).
  private static func endsWithLastOggPage(_ path: String) throws -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw MtagError(.inputMissing, "\(path): cannot be opened; check its permissions")
    }
    defer { try? file.close() }
    // A page has at most 65,307 bytes, so the last one starts in these, unless much else follows it.
    let size = try file.seekToEnd()
    try file.seek(toOffset: size > 131_072 ? size - 131_072 : 0)
    let tail = try file.readToEnd() ?? Data()
    guard let page = tail.range(of: Data("OggS".utf8), options: .backwards) else { return false }
    let flags = page.lowerBound + 5
    return flags < tail.endIndex && tail[flags] & 4 != 0
  }
}
