import Foundation
import MtagCore
import MtagFeatures
import Testing

/// `.npy` files as NumPy 2.4 writes and reads them.
@Suite struct NPYFileTests {
  static func temporary(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "mtag-npy-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appendingPathComponent("map.npy").path)
  }

  static func file(_ header: String, version: UInt8 = 1, values: Int = 0) -> Data {
    var data = Data([0x93] + Array("NUMPY".utf8) + [version, 0])
    data.append(contentsOf: [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)])
    data.append(Data(header.utf8))
    data.append(Data(repeating: 0, count: values))
    return data
  }

  @Test("writes the very bytes of numpy.save")
  func bytes() throws {
    // numpy.save of numpy.array([[1, 2, 3], [-4, 0.5, 6]], dtype='<f4') by NumPy 2.4.6.
    let numpy =
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzog"
      + "KDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgIAoAAIA/AAAAQAAAQEAAAIDAAAAAPwAAwEA="
    try Self.temporary { path in
      let map = FeatureMap(bands: 2, frames: 3, values: [1, 2, 3, -4, 0.5, 6])
      try NPYFile.write(map, to: path)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).base64EncodedString() == numpy)
      #expect(try NPYFile.read(path) == map)
    }
  }

  @Test("there and back, whatever the shape", arguments: [(1, 1), (128, 1292), (7, 0), (0, 7), (3, 12_345)])
  func roundTrip(bands: Int, frames: Int) throws {
    let map = FeatureMap(bands: bands, frames: frames, values: (0..<bands * frames).map { Float($0) * -0.37 })
    try Self.temporary { path in
      try NPYFile.write(map, to: path)
      #expect(try NPYFile.read(path) == map)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count % 64 == bands * frames * 4 % 64)
    }
  }

  @Test("maps of several channels have a third dimension; the bytes are numpy.save's")
  func channels() throws {
    // numpy.save of numpy.arange(12, dtype='<f4').reshape(2, 3, 2) by NumPy 2.4.6.
    let numpy =
      "k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzog"
      + "KDIsIDMsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
      + "ICAgICAgIAoAAAAAAACAPwAAAEAAAEBAAACAQAAAoEAAAMBAAADgQAAAAEEAABBBAAAgQQAAMEE="
    try Self.temporary { path in
      let map = FeatureMap(bands: 2, frames: 3, channels: 2, values: (0..<12).map { Float($0) })
      try NPYFile.write(map, to: path)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)).base64EncodedString() == numpy)
      #expect(try NPYFile.read(path) == map)
    }
  }

  @Test(
    "maps of many blocks, in memory or not, there and back",
    arguments: [(5, 30_000, 1), (3, 21_845, 1), (2, 16_384, 2), (2, 40_000, 3)])
  func blocks(bands: Int, frames: Int, channels: Int) throws {
    func map(residentCount: Int) throws -> FeatureMap {
      try MapWriter.map(bands: bands, frames: frames, channels: channels, residentCount: residentCount) {
        writer in
        for frame in 0..<frames {
          try writer.columns(1) { target, rowStride in
            for band in 0..<bands {
              for channel in 0..<channels {
                target[band * rowStride + channel] = Float(band) + Float(frame * channels + channel) / 131_072
              }
            }
          }
        }
      }
    }
    let whole = try map(residentCount: .max)
    try Self.temporary { path in
      try NPYFile.write(whole, to: path)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(bytes.count == 128 + 4 * bands * frames * channels)
      #expect(try NPYFile.read(path) == whole)
      let mapped = try NPYFile.read(path, residentCount: 0)
      try NPYFile.write(try map(residentCount: 0), to: path)
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
      // What was read does not depend on the file any more.
      try Data().write(to: URL(fileURLWithPath: path))
      #expect(mapped == whole)
    }
  }

  @Test("a third dimension of one is one channel")
  func oneChannel() throws {
    try Self.temporary { path in
      let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 1), }\n"
      try Self.file(header, values: 24).write(to: URL(fileURLWithPath: path))
      #expect(try NPYFile.read(path) == FeatureMap(bands: 2, frames: 3, values: [0, 0, 0, 0, 0, 0]))
    }
  }

  @Test("keys in any order, with any spacing")
  func loosely() throws {
    try Self.temporary { path in
      let header = "{ \"shape\":(2,1),'descr':'<f4', 'fortran_order' : False}   \n"
      try Self.file(header, values: 8).write(to: URL(fileURLWithPath: path))
      #expect(try NPYFile.read(path) == FeatureMap(bands: 2, frames: 1, values: [0, 0]))
    }
  }

  @Test(
    "hostile files are refused, naming the file",
    arguments: [
      Data(), Data([0x93]), Data("RIFF and something".utf8),
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", version: 3, values: 16),
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", values: 12),
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", values: 17),
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", values: 0),
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 1), }", values: 4),
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 1), }", values: 4),
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, -1), }", values: 4),
      file("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", values: 4),
      file("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }", values: 8),
      file("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1), }", values: 8),
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }", values: 16),
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 2, 1), }", values: 16),
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 4294967296, 4294967296), }", values: 0),
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", values: 4),
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1", values: 4),
      file("{'descr': '<f4', 'fortran_order': False}", values: 4),
      file("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1, 1)}", values: 4),
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), 'more': 1}", values: 4),
      file("{'descr': '<f4, 'fortran_order': False, 'shape': (1, 1)}", values: 4),
      file("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1)} and more", values: 4),
      file("", values: 4), file(String(repeating: "{", count: 60_000)),
      Data([0x93] + Array("NUMPY".utf8) + [1, 0, 0xff, 0xff, 0x7b]),
    ])
  func hostile(bytes: Data) throws {
    try Self.temporary { path in
      try bytes.write(to: URL(fileURLWithPath: path))
      let error = #expect(throws: MtagError.self) { try NPYFile.read(path) }
      #expect(error?.kind == .badData)
      #expect(error?.message.hasPrefix(path) == true)
    }
  }

  @Test("a missing file and a folder are refused, a folder that is not there cannot be written to")
  func missing() throws {
    try Self.temporary { path in
      #expect(#expect(throws: MtagError.self) { try NPYFile.read(path) }?.kind == .inputMissing)
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
      #expect(#expect(throws: MtagError.self) { try NPYFile.read(folder) }?.kind == .inputMissing)
      let map = FeatureMap(bands: 1, frames: 1, values: [0])
      #expect(
        #expect(throws: MtagError.self) { try NPYFile.write(map, to: path + "/no/map.npy") }?.kind
          == .cannotCreate)
    }
  }
}
