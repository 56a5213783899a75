/// Scaled dot-product attention of one head: result = softmax(q kᵀ · scale) v.
public struct AttentionKernels: Sendable {
  /// Queries that are worked on together.
  public let blockQueries: Int
  /// Keys and head channels are padded to multiples of this.
  public let panelWidth: Int
  /// Packs the keys and values of a head.
  public let pack: @Sendable (AttentionRun) -> Void
  /// Computes the results of queries `first ..< first + count`, from packed keys and values.
  public let attend: @Sendable (AttentionRun, _ first: Int, _ count: Int) -> Void

  /// Collects the loops of one level.
  public init(
    blockQueries: Int, panelWidth: Int, pack: @escaping @Sendable (AttentionRun) -> Void,
    attend: @escaping @Sendable (AttentionRun, Int, Int) -> Void
  ) {
    self.blockQueries = blockQueries
    self.panelWidth = panelWidth
    self.pack = pack
    self.attend = attend
  }

  /// Floats of a head's packed keys and values.
  public func packedCount(frames: Int, depth: Int) -> Int {
    padded(frames) * depth + frames * padded(depth)
  }

  /// Floats of scratch memory that `attend` needs for one worker.
  public func scratchCount(frames: Int, depth: Int) -> Int {
    blockQueries * (depth + padded(depth) + scoreStride(frames: frames))
  }

  /// Floats from one query's scores to the next: whole blocks of 16, as softmax pads its rows at every level, and never a multiple of 512 bytes, since rows so far apart displace each other in the
  /// first-level cache.
  public func scoreStride(frames: Int) -> Int {
    let width = max(padded(frames), (frames + 15) / 16 * 16)
    return width % 128 == 0 ? width + 16 : width
  }

  private func padded(_ count: Int) -> Int { (count + panelWidth - 1) / panelWidth * panelWidth }
}

/// Arguments of `AttentionKernels`.
public struct AttentionRun {
  /// Queries, keys and values.
  public let frames: Int
  /// Channels of the head.
  public let depth: Int
  /// The head's first query; the others follow every `stride` floats.
  public let queries: UnsafePointer<Float>
  /// The head's first key.
  public let keys: UnsafePointer<Float>
  /// The head's first value.
  public let values: UnsafePointer<Float>
  /// Floats from one frame to the next.
  public let stride: Int
  /// Multiplies every product of query and key.
  public let scale: Float
  /// `packedCount` floats.
  public let packed: UnsafeMutablePointer<Float>
  /// The head's first result.
  public let result: UnsafeMutablePointer<Float>
  /// Floats from one result to the next.
  public let resultStride: Int
  /// `scoreStride` of the kernels.
  public let scoreStride: Int
  /// `scratchCount` floats of this worker; not for `pack`.
  public let scratch: UnsafeMutablePointer<Float>

  /// Collects the arguments.
  public init(
    frames: Int, depth: Int, queries: UnsafePointer<Float>, keys: UnsafePointer<Float>,
    values: UnsafePointer<Float>, stride: Int, scale: Float, packed: UnsafeMutablePointer<Float>,
    result: UnsafeMutablePointer<Float>, resultStride: Int, scoreStride: Int,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.frames = frames
    self.depth = depth
    self.queries = queries
    self.keys = keys
    self.values = values
    self.stride = stride
    self.scale = scale
    self.packed = packed
    self.result = result
    self.resultStride = resultStride
    self.scoreStride = scoreStride
    self.scratch = scratch
  }
}
