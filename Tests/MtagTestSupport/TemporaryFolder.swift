public import Foundation
import MtagCore

/// A folder that goes when its owner goes.
public final class TemporaryFolder: Sendable {
  /// The folder's path.
  public let path: String

  /// Makes an empty folder.
  public init() throws {
    path = FileManager.default.temporaryDirectory.path + "/mtag-tests-\(UInt64.random(in: 0...UInt64.max))"
    try AtomicFile.makeFolder(path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a name in the folder.
  public func file(_ name: String) -> String { path + "/" + name }

  /// Writes text and returns the file's path; folders on the way are made.
  @discardableResult
  public func write(_ text: String, _ name: String) throws -> String { try write(Data(text.utf8), name) }

  /// Writes bytes and returns the file's path; folders on the way are made.
  @discardableResult
  public func write(_ data: Data, _ name: String) throws -> String {
    try AtomicFile.makeFolder((file(name) as NSString).deletingLastPathComponent)
    try AtomicFile.write(data, to: file(name))
    return file(name)
  }
}
