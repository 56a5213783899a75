import MtagONNX

/// libFuzzer's entry: everything that is done with a file before its network runs. Errors are answers; crashes, hangs and
/// memory beyond the limit are what is looked for.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start else { return 0 }
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let file = try? ONNXFile(bytes: bytes, path: "/nowhere/fuzz.onnx") else { return 0 }
  _ = file.summary()
  _ = file.problems()
  _ = try? file.translated()
  _ = try? file.translated(.init(frames: 64, bands: 16))
  return 0
}
