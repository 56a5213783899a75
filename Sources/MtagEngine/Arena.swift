import MtagCore
import MtagGraph

/// One block of memory for all tensors of a plan. Tensors that are never alive together share addresses.
final class Arena {
  /// Floats in all.
  let count: Int
  private let memory: AlignedBuffer

  /// Places the tensors: the largest first, each at the lowest address where it overlaps no tensor alive at the same time.
  /// - Throws: `MtagError` (usage) if together they need more memory than there is.
  init(placing tensors: [Tensor]) throws {
    var placed: [(tensor: Tensor, range: Range<Int>)] = []
    for tensor in tensors.sorted(by: {
      ($0.count, $1.lifetime.lowerBound) > ($1.count, $0.lifetime.lowerBound)
    }) {
      let size = Tensor.padded(tensor.count)
      let rivals =
        placed.filter { $0.tensor.lifetime.overlaps(tensor.lifetime) }
        .map(\.range).sorted { $0.lowerBound < $1.lowerBound }
      var offset = 0
      for rival in rivals {
        if offset + size <= rival.lowerBound { break }
        offset = max(offset, rival.upperBound)
      }
      placed.append((tensor, offset..<(offset + size)))
    }
    count = placed.map(\.range.upperBound).max() ?? 0
    if let input = tensors.first?.shape {
      try MachineMemory.require(
        floats: count, for: "a batch of \(input.batch) with \(input.frames) frames",
        remedy: "use fewer frames (--crop) or smaller batches (--batch-size)")
    }
    memory = AlignedBuffer(count: count)
    for (tensor, range) in placed { tensor.put(at: memory.pointer + range.lowerBound) }
  }
}
