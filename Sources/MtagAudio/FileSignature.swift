internal import Foundation
internal import MtagCore

/// Names the kind of a file that libsndfile refused, by its first bytes, so that the error can say what to do.
enum FileSignature {
  /// The end of an error line: what the file is, or why libsndfile refused it, and the remedy.
  /// - Throws: `MtagError` (inputMissing) if the file cannot be opened at all.
  static func refusal(_ path: String, reason: String) throws -> String {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw MtagError(.inputMissing, "\(path): cannot be opened; check its permissions")
    }
    defer { try? file.close() }
    let start = (try? file.read(upToCount: 16)) ?? Data()
    if let kind = kind(of: [UInt8](start)) {
      return "is \(kind), which cannot be decoded here; convert it to WAV, FLAC, Ogg or MP3"
    }
    return "is no sound file that can be decoded (\(plain(reason))); convert it to WAV, FLAC, Ogg or MP3"
  }

  /// libsndfile's reason; where its words mislead, what it means. It calls an MP3 without one good frame "not a regular
  /// file", and a header with a rate or a channel count of zero "SF_INFO struct incomplete".
  static func plain(_ reason: String) -> String {
    if reason.contains("not a regular file") { return "no frame of sound is found in it" }
    if reason.contains("SF_INFO struct incomplete") {
      return "its header gives no usable rate or channel count"
    }
    return reason
  }

  /// The kind of file that starts with these bytes, as far as it is a common one outside of libsndfile's.
  static func kind(of start: [UInt8]) -> String? {
    if start.dropFirst(4).starts(with: "ftyp".utf8) { return "an MP4 file (AAC or ALAC)" }
    // ADTS: twelve sync bits, layer 0 (ISO/IEC 13818-7); MPEG audio layers 1 to 3 have other layer bits.
    if start.count >= 2, start[0] == 0xFF, start[1] & 0xF6 == 0xF0 { return "an AAC stream" }
    return signatures.first { start.starts(with: $0.bytes) }?.kind
  }

  /// From the formats' public specifications.
  private static let signatures: [(bytes: [UInt8], kind: String)] = [
    ([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], "a Windows Media file"),
    ([0x1A, 0x45, 0xDF, 0xA3], "a Matroska or WebM file"),
    ([0x0B, 0x77], "a Dolby AC-3 stream"),
    ([0x89] + Array("PNG".utf8), "a PNG picture"),
    ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
    (Array("MAC ".utf8), "a Monkey's Audio file"),
    (Array("wvpk".utf8), "a WavPack file"),
    (Array("TTA1".utf8), "a True Audio file"),
    (Array("tBaK".utf8), "a TAK file"),
    (Array("MPCK".utf8), "a Musepack file"),
    (Array("MP+".utf8), "a Musepack file"),
    (Array("DSD ".utf8), "a DSD file"),
    (Array("FRM8".utf8), "a DSD file"),
    (Array("%PDF".utf8), "a PDF document"),
    (Array("PK".utf8), "a ZIP archive"),
  ]
}
