public import Foundation
import MtagCore

/// A committed oracle vector: `<path>.f32` (raw little-endian floats) with its sidecar `<path>.json`.
///
/// The sidecar says what made it: `shape`, `sha256` of the values, `tool`, `version`, `script` and the parameters. If one
/// is missing or damaged, the error names the script that makes it again.
public struct Fixture {
  /// The values in C order.
  public let values: [Float]
  /// Their dimensions.
  public let shape: [Int]
  /// The whole sidecar.
  public let json: [String: Any]

  /// The folder `Tests/Fixtures`.
  public static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fixtures")

  /// Loads a vector by its path under `Tests/Fixtures`, without extension: `features/noise-melspec`.
  /// - Throws: `MtagError` (inputMissing, badData) naming the file.
  public static func load(_ path: String) throws -> Fixture {
    let hint = "; make it again with the scripts in Tools/fixtures"
    let base = folder.appendingPathComponent(path)
    guard let data = try? Data(contentsOf: base.appendingPathExtension("f32")),
      let sidecar = try? Data(contentsOf: base.appendingPathExtension("json"))
    else { throw MtagError(.inputMissing, "fixture \(path) (.f32 and .json) cannot be read" + hint) }
    guard let json = try JSONSerialization.jsonObject(with: sidecar) as? [String: Any],
      let shape = json["shape"] as? [Int], let sha256 = json["sha256"] as? String
    else { throw MtagError(.badData, "fixture \(path).json lacks a shape or a sha256" + hint) }
    var digest = try SHA256Digest()
    data.withUnsafeBytes { digest.update($0) }
    guard digest.finish() == sha256, data.count == 4 * shape.reduce(1, *) else {
      throw MtagError(.badData, "fixture \(path).f32 is not what its sidecar describes" + hint)
    }
    let values = data.withUnsafeBytes { raw in
      stride(from: 0, to: raw.count, by: 4).map {
        Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
      }
    }
    return Fixture(values: values, shape: shape, json: json)
  }

  /// One group of the sidecar's entries, such as `spec`; empty if there is none.
  public func group(_ name: String) -> [String: Any] { json[name] as? [String: Any] ?? [:] }
}
