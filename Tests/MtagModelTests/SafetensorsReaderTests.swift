import Foundation
import MtagCore
import MtagModel
import MtagTestSupport
import Testing

@Suite struct SafetensorsReaderTests {
  @Test("all floating-point types read as 32-bit floats")
  func types() throws {
    // 1.5, -2, 0.1 rounded to each type; the half floats also as a subnormal, infinity and NaN.
    let cases: [(type: String, bytes: [UInt8], values: [Float])] = [
      ("F32", little(Float(1.5).bitPattern) + little(Float(-2).bitPattern), [1.5, -2]),
      ("F64", little((1.5).bitPattern) + little((0.1).bitPattern), [1.5, 0.1]),
      ("F64", little((1e300).bitPattern) + little((-0.0).bitPattern), [.infinity, -0.0]),
      ("BF16", little(UInt16(0x3FC0)) + little(UInt16(0xC000)), [1.5, -2]),
      ("F16", little(UInt16(0x3E00)) + little(UInt16(0xC000)), [1.5, -2]),
      ("F16", little(UInt16(0x0001)) + little(UInt16(0x83FF)), [0x1p-24, -0x1.FF8p-15]),
      ("F16", little(UInt16(0x7BFF)) + little(UInt16(0xFC00)), [65504, -.infinity]),
    ]
    for (type, bytes, values) in cases {
      let header = #"{"x":{"dtype":"\#(type)","shape":[2],"data_offsets":[0,\#(bytes.count)]}}"#
      let read = try read(header, bytes)
      #expect(read.map(\.bitPattern) == values.map(\.bitPattern), "\(type): \(read)")
    }
    let nan = try read(#"{"x":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}"#, little(UInt16(0x7E01)))
    #expect(nan[0].isNaN)
  }

  @Test("headers as other programs write them are read: spaces, escapes, one value, no values, any order")
  func otherWriters() throws {
    let folder = try TemporaryFolder()
    let header = """
      { "b" : {"data_offsets":[4, 4],"shape":[0, 7],"dtype":"F32"} , "__metadata__" : { "k\\u00e9\\n" : "\\ud83c\\udfb5" },
      \t"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}  \u{20}
      """
    try file(header, little(Float(7).bitPattern)).write(to: URL(filePath: folder.file("x")))
    let reader = try SafetensorsReader(path: folder.file("x"))
    #expect(reader.metadata == ["ké\n": "🎵"])
    #expect(reader.tensors.map(\.name) == ["a", "b"])
    #expect(try reader.values(reader.tensors[0]) == [7])
    #expect(try reader.values(reader.tensors[1]) == [])
    #expect(reader.tensors[1].shape == [0, 7])
  }

  @Test("a tensor of integers is refused when its values are asked for")
  func integers() throws {
    let header = #"{"steps":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}"#
    let error = try #require(throws: MtagError.self) { try read(header, [UInt8](repeating: 1, count: 8)) }
    #expect(error.message.contains("'steps' is I64"))
  }

  @Test(
    "a header that lies or is damaged is refused with an error naming the file",
    arguments: [
      ("", "does not start with"), ("[]", "does not start with"), ("{", "lacks"), ("{}x", "goes on"),
      ("{}", "take 0 bytes"),
      (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, "does not fit"),
      (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "take 4 bytes"),
      (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#, "starts at byte 8"),
      (#"{"x":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, "take 16 bytes"),
      (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, "lacks its shape or its offsets"),
      (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#, "lacks its shape or its offsets"),
      (#"{"x":{"dtype":"F32","data_offsets":[0,8]}}"#, "lacks its shape or its offsets"),
      (#"{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, "no size"),
      (#"{"x":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#, "no size"),
      (#"{"x":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"#, "does not fit"),
      (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}"#, "unknown field"),
      (#"{"x":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}}"#, "element type 'Q4'"),
      (
        #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        "'x' occurs twice"
      ),
      (
        #"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        "starts at byte 4"
      ),
      (#"{"__metadata__":{"a":"1","a":"2"}}"#, "'a' occurs twice"), (#"{"__metadata__":{"a":1}}"#, "lacks"),
      (#"{"__metadata__":{"a":"\ud800"}}"#, "surrogate"), (#"{"__metadata__":{"a":"\u12"}}"#, "escape"),
      (#"{"__metadata__":{"a":"\x"}}"#, "escape"), (#"{"a"#, "ends in the middle"),
      ("{\"a\n\":{}}", "control character"),
      (String(repeating: "{", count: 200_000), "lacks"),
    ])
  func damaged(header: String, says: String) throws {
    let error = try #require(throws: MtagError.self) { try read(header, [UInt8](repeating: 0, count: 8)) }
    #expect(error.message.contains(says), "\(error.message)")
    #expect(error.message.contains("damaged.safetensors"))
    #expect(error.kind == .badData)
  }

  @Test("a file cut anywhere is refused, and so are wrong header lengths")
  func cut() throws {
    let folder = try TemporaryFolder()
    let whole = file(
      #"{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#, [UInt8](repeating: 0, count: 12))
    let path = folder.file("cut.safetensors")
    for length in 0..<whole.count {
      try whole.prefix(length).write(to: URL(filePath: path))
      let error = try #require(throws: MtagError.self) { _ = try SafetensorsReader(path: path) }
      #expect(error.kind == .badData)
    }
    for claim in [UInt64.max, 1 << 62, 100_000_001, 100_000_000, UInt64(whole.count)] {
      try (Data(little(claim)) + whole.dropFirst(8)).write(to: URL(filePath: path))
      let error = try #require(throws: MtagError.self) { _ = try SafetensorsReader(path: path) }
      #expect(error.message.contains("header claims \(claim)"), "\(error.message)")
    }
  }

  @Test("a header that is not UTF-8 is refused")
  func notText() throws {
    let folder = try TemporaryFolder()
    try Data(little(UInt64(4)) + [0x7B, 0xFF, 0xFE, 0x7D]).write(to: URL(filePath: folder.file("x")))
    let path = folder.file("x")
    let error = try #require(throws: MtagError.self) { _ = try SafetensorsReader(path: path) }
    #expect(error.message.contains("not UTF-8"))
  }

  @Test("tensors start at a multiple of 64 bytes, so that other programs can map them")
  func aligned() throws {
    let folder = try TemporaryFolder()
    for length in 0..<70 {
      var writer = SafetensorsWriter()
      writer.set("k", String(repeating: "x", count: length))
      writer.add("a", shape: [2], values: [1, 2])
      try writer.write(to: folder.file("x"))
      let data = try Data(contentsOf: URL(filePath: folder.file("x")))
      #expect((data.count - 8).isMultiple(of: 64))
      let reader = try SafetensorsReader(path: folder.file("x"))
      #expect(try reader.values(reader.tensors[0]) == [1, 2])
    }
  }

  // MARK: - Helpers

  /// The first tensor's values.
  private func read(_ header: String, _ bytes: [UInt8]) throws -> [Float] {
    let folder = try TemporaryFolder()
    let path = folder.file("damaged.safetensors")
    try file(header, bytes).write(to: URL(filePath: path))
    let reader = try SafetensorsReader(path: path)
    return try reader.values(try #require(reader.tensors.first))
  }

  private func file(_ header: String, _ bytes: [UInt8]) -> Data {
    Data(little(UInt64(header.utf8.count)) + Array(header.utf8) + bytes)
  }

  private func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
