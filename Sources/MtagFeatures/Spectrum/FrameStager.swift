import MtagCore

/// Cuts a stream of blocks into groups of overlapping frames: each group is one run of `span` samples, and groups start
/// `step` samples apart. Which samples a group holds does not depend on how the stream was cut into blocks.
struct FrameStager: ~Copyable {
  /// Samples of one group.
  let span: Int
  /// Samples from the start of one group to the start of the next.
  let step: Int

  /// The head of a group that the last block did not complete.
  private let stage: AlignedBuffer
  private var staged = 0
  /// Samples to drop before the next group starts; only where groups do not touch.
  private var gap = 0

  init(span: Int, step: Int) {
    self.span = span
    self.step = step
    stage = AlignedBuffer(count: span)
  }

  /// Appends a block and hands out every group that it completes: straight from the block where the whole group lies in
  /// it, else from the stage. The pointer is valid during the call.
  mutating func feed(_ block: UnsafeBufferPointer<Float>, _ body: (UnsafePointer<Float>) throws -> Void)
    rethrows
  {
    guard let base = block.baseAddress else { return }
    var offset = 0
    while offset < block.count {
      if staged == 0 {
        let skipped = min(gap, block.count - offset)
        gap -= skipped
        offset += skipped
        if gap == 0, block.count - offset >= span {
          try body(base + offset)
          let advance = min(step, block.count - offset)
          offset += advance
          gap = step - advance
          continue
        }
        if offset == block.count { return }
      }
      offset += append(base + offset, block.count - offset)
      guard staged == span else { return }
      try body(stage.pointer)
      dropGroup()
      if offset >= staged {
        // What is left in the stage came from this block: go on from the block itself.
        offset -= staged
        staged = 0
      }
    }
  }

  /// Fills an incomplete group with zeros and hands it out.
  mutating func flush(_ body: (UnsafePointer<Float>) throws -> Void) rethrows {
    stage.mutable[staged...].update(repeating: 0)
    try body(stage.pointer)
  }

  private mutating func append(_ samples: UnsafePointer<Float>, _ count: Int) -> Int {
    let taken = min(span - staged, count)
    (stage.pointer + staged).update(from: samples, count: taken)
    staged += taken
    return taken
  }

  private mutating func dropGroup() {
    let kept = max(span - step, 0)
    stage.pointer.update(from: stage.pointer + min(step, span), count: kept)
    staged = kept
    gap = max(step - span, 0)
  }
}
