/// Memory for a kernel: aligned to nothing but floats, with a guard before and behind that nobody may write to.
final class GuardedBuffer {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int
  private let memory: UnsafeMutableRawPointer

  private static let guardCount = 17
  private static let guardValue: Float = 12_345.678

  init(_ values: [Float]) {
    count = values.count
    let floats = count + 2 * Self.guardCount
    memory = .allocate(byteCount: 4 * floats, alignment: 64)
    let first = memory.bindMemory(to: Float.self, capacity: floats)
    first.initialize(repeating: Self.guardValue, count: floats)
    // An odd number of floats from a cache line: 4 bytes off every alignment that a register could ask for.
    pointer = first + Self.guardCount
    pointer.update(from: values, count: count)
  }

  convenience init(repeating value: Float, count: Int) { self.init([Float](repeating: value, count: count)) }

  deinit { memory.deallocate() }

  var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Whether both guards are as they were.
  var isIntact: Bool {
    let places = Array(-Self.guardCount..<0) + Array(count..<(count + Self.guardCount))
    return places.allSatisfy { pointer[$0] == Self.guardValue }
  }
}
