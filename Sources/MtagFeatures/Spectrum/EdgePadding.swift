/// Puts zeros or the mirrored clip before the first and after the last sample of a stream.
struct EdgePadding {
  private let length: Int
  private let rule: FeatureSpec.Padding
  /// Samples held back because the mirror image in front needs them; only at the start of a reflected clip.
  private var head: [Float] = []
  private var hasStarted = false
  /// The clip's last samples, for the mirror image behind it.
  private var tail: [Float] = []

  init(length: Int, rule: FeatureSpec.Padding) {
    self.length = length
    self.rule = rule
  }

  /// Appends a block; hands on what is ready, in order.
  mutating func push(_ block: UnsafeBufferPointer<Float>, _ body: (UnsafeBufferPointer<Float>) throws -> Void)
    rethrows
  {
    guard rule == .reflect, length > 0 else {
      try startWithZeros(body)
      return try body(block)
    }
    remember(block)
    if hasStarted { return try body(block) }
    head.append(contentsOf: block)
    if head.count > length { try startWithReflection(body) }
  }

  /// Ends the clip; hands on the rest of it and what stands behind it.
  mutating func finish(_ body: (UnsafeBufferPointer<Float>) throws -> Void) rethrows {
    guard rule == .reflect, length > 0 else { return try emit([Float](repeating: 0, count: length), body) }
    if !hasStarted { try startWithReflection(body) }
    // The last sample is not repeated. A clip shorter than the padding is mirrored at both ends in turn.
    try emit((1...length).map { tail[Self.mirrored(tail.count - 1 + $0, count: tail.count)] }, body)
  }

  private mutating func startWithZeros(_ body: (UnsafeBufferPointer<Float>) throws -> Void) rethrows {
    guard !hasStarted else { return }
    hasStarted = true
    try emit([Float](repeating: 0, count: length), body)
  }

  private mutating func startWithReflection(_ body: (UnsafeBufferPointer<Float>) throws -> Void) rethrows {
    hasStarted = true
    try emit((1...length).reversed().map { head[Self.mirrored(-$0, count: head.count)] }, body)
    try emit(head, body)
    head = []
  }

  private mutating func remember(_ block: UnsafeBufferPointer<Float>) {
    let wanted = length + 1
    if block.count >= wanted {
      tail = Array(block.suffix(wanted))
    } else {
      tail.removeFirst(max(0, tail.count + block.count - wanted))
      tail.append(contentsOf: block)
    }
  }

  private func emit(_ samples: [Float], _ body: (UnsafeBufferPointer<Float>) throws -> Void) rethrows {
    try samples.withUnsafeBufferPointer { try body($0) }
  }

  /// The index inside 0 ..< count that a mirror at both ends shows at any index; the ends are not repeated.
  private static func mirrored(_ index: Int, count: Int) -> Int {
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let phase = ((index % period) + period) % period
    return min(phase, period - phase)
  }
}
