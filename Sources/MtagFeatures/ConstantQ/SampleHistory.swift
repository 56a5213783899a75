import MtagCore

/// The samples of one stream that are still needed, at fixed places: sample `i` of the stream is at `pointer(at: i)` until it is
/// dropped. Zeros stand before the first.
final class SampleHistory {
  private var storage: AlignedBuffer
  /// Where in the storage the first sample kept stands.
  private var offset = 0
  /// The place in the stream of the first sample kept; negative for the zeros before the stream.
  private var start: Int
  private var count: Int

  /// The place behind the last sample.
  var end: Int { start + count }

  init(leadingZeros: Int) {
    storage = AlignedBuffer(count: max(2 * leadingZeros, 4096))
    (start, count) = (-leadingZeros, leadingZeros)
  }

  /// Goes back to the zeros before a stream; keeps the memory.
  func reset(leadingZeros: Int) {
    (offset, start, count) = (0, -leadingZeros, leadingZeros)
    storage.pointer.update(repeating: 0, count: leadingZeros)
  }

  /// Room for the next samples; they count as written.
  func append(_ length: Int) -> UnsafeMutablePointer<Float> {
    if offset + count + length > storage.count { makeRoom(length) }
    let target = storage.pointer + offset + count
    count += length
    return target
  }

  /// The sample at a place that has been written and not dropped, and those behind it.
  func pointer(at place: Int) -> UnsafePointer<Float> {
    precondition(place >= start && place <= end, "sample \(place) is not within \(start) ..< \(end)")
    return UnsafePointer(storage.pointer + offset + (place - start))
  }

  /// Forgets the samples before a place.
  func drop(before place: Int) {
    let dropped = min(max(0, place - start), count)
    offset += dropped
    start += dropped
    count -= dropped
  }

  /// Sets samples from a place on to zero.
  func clear(from place: Int) {
    let first = min(max(place, start), end)
    (storage.pointer + offset + (first - start)).update(repeating: 0, count: end - first)
  }

  /// Half of the storage stays free, so that moving costs less than writing did.
  private func makeRoom(_ length: Int) {
    let source = storage.pointer + offset
    if 2 * (count + length) <= storage.count {
      storage.pointer.update(from: source, count: count)
    } else {
      let larger = AlignedBuffer(count: 2 * (count + length))
      larger.pointer.update(from: source, count: count)
      storage = larger
    }
    offset = 0
  }
}
