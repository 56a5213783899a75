/// Sound files in formats that cannot be decoded here, in words.
package enum ForeignSound {
  /// What is left out of a folder and what to do about it; nil if there is nothing.
  package static func sentence(_ names: [String], in folder: String) -> String? {
    guard !names.isEmpty else { return nil }
    let endings = Set(names.map(\.fileExtension)).sorted().map { ".\($0)" }.joined(separator: ", ")
    let files = names.count == 1 ? "1 file cannot" : "\(names.count) files cannot"
    return
      "\(folder): \(files) be decoded (\(endings)) and count for nothing; convert them to WAV, FLAC, Ogg or MP3"
  }
}
