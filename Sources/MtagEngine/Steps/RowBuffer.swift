import MtagCore

/// A matrix of its own memory.
final class RowBuffer {
  let stride: Int
  private let memory: AlignedBuffer

  init(rows: Int, stride: Int) {
    self.stride = stride
    memory = AlignedBuffer(count: rows * stride)
  }

  var pointer: UnsafeMutablePointer<Float> { memory.pointer }
  func row(_ index: Int) -> UnsafeMutablePointer<Float> { memory.pointer + index * stride }
}
