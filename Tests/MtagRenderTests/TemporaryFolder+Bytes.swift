import Foundation
import MtagTestSupport

extension TemporaryFolder {
  func write(_ bytes: [UInt8], as name: String) throws -> String { try write(Data(bytes), name) }

  func read(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
}
