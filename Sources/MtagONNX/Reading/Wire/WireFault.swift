/// Why bytes are no ONNX file; the reader puts the file's name in front.
struct WireFault: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
