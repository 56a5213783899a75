import MtagGraph
import MtagKernelTypes

/// The windows of a pool along one axis.
final class PoolWindows {
  /// Whether every position lies in exactly one window.
  let isPartition: Bool
  private let size: Int
  private let count: Int
  private let memory: UnsafeMutablePointer<PoolWindow>

  private init(_ windows: [PoolWindow], size: Int) {
    self.size = size
    count = windows.count
    memory = .allocate(capacity: max(count, 1))
    for (index, window) in windows.enumerated() { (memory + index).initialize(to: window) }
    var end = 0
    var isPartition = true
    for window in windows {
      isPartition = isPartition && Int(window.start) == end
      end = Int(window.end)
    }
    self.isPartition = isPartition && end == size
  }

  deinit { memory.deallocate() }

  /// What the kernels read; valid while this object lives.
  var axis: PoolAxis { PoolAxis(size: size, count: count, windows: memory) }

  /// Windows of one size, cut off at the borders.
  /// - Parameter countsPadding: whether a mean divides by the whole window; else by what is left of it.
  static func sliding(
    size: Int, kernel: Int, stride: Int, padding: Int, countsPadding: Bool
  ) -> PoolWindows {
    let count = (size + 2 * padding - kernel) / stride + 1
    let windows = (0..<count).map { index in
      let first = index * stride - padding
      let (start, end) = (max(0, first), min(size, first + kernel))
      return PoolWindow(
        start: start, end: end, weight: 1 / Float(countsPadding ? kernel : max(1, end - start)))
    }
    return PoolWindows(windows, size: size)
  }

  /// PyTorch's adaptive windows: the i-th of n reaches from ⌊i·size / n⌋ to ⌈(i+1)·size / n⌉. One is the whole axis, as many as
  /// there are positions leave it as it is.
  static func adaptive(size: Int, count: Int, isSum: Bool = false) -> PoolWindows {
    let windows = (0..<count).map { index in
      let (start, end) = (index * size / count, ((index + 1) * size + count - 1) / count)
      return PoolWindow(start: start, end: end, weight: isSum ? 1 : 1 / Float(end - start))
    }
    return PoolWindows(windows, size: size)
  }
}
