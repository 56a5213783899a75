import Foundation
import MtagCore

extension CacheContents {
  private struct NamedSpec: Decodable {
    let name: String
  }

  /// The name of a spec as its file says it; nil if there is none that can be shown.
  func specName(_ hash: String) -> String? {
    let path = folder.appendingPathComponent(hash).appendingPathComponent(Self.specName)
    guard FileKind.of(path) == .file, let size = FileStamp(ofFile: path)?.size, size < 1 << 16,
      let data = FileManager.default.contents(atPath: path),
      let name = try? JSONDecoder().decode(NamedSpec.self, from: data).name, !name.isEmpty, name.count <= 100,
      name.unicodeScalars.allSatisfy({ !CharacterSet.controlCharacters.contains($0) })
    else { return nil }
    return name
  }

  /// Removes a spec's folder if nothing is in it but what says which spec it was for.
  func removeFolderIfEmpty(_ hash: String) {
    let path = folder.appendingPathComponent(hash)
    let names = Self.names(in: path)
    guard names.isEmpty || names == [Self.specName] else { return }
    if !names.isEmpty { unlink(path.appendingPathComponent(Self.specName)) }
    // Fails, as it should, if somebody put a file there meanwhile.
    rmdir(path)
  }
}

extension FeatureMapFile.Kind {
  /// The kind of a file; nil for what is no map of this version.
  init?(ofFile path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: Self.byteCount)
    guard pread(descriptor, &bytes, bytes.count, 0) == bytes.count else { return nil }
    guard let kind = bytes.withUnsafeBytes(Self.init) else { return nil }
    self = kind
  }
}
