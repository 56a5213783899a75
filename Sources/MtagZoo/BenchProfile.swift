import MtagEngine

/// Where the time of a training step or of inference goes, part by part.
public struct BenchProfile: Encodable, Hashable, Sendable {
  /// One part: a pass of a step of the compiled plan, or what else the engine does.
  public struct Row: Encodable, Hashable, Sendable {
    /// The nodes it computes.
    public let name: String
    /// `forward`, `backward`, or empty for what is neither.
    public let pass: String
    /// Median milliseconds of the whole batch.
    public let milliseconds: Double
    /// Share of all parts together.
    public let share: Double
    /// Operations of the direct form (two for each multiply-accumulate) in 10⁹ a second; nil where there are none.
    public let gigaflops: Double?
    /// Those as a share of the machine's peak; a Winograd convolution, which needs fewer, may exceed 1.
    public let shareOfPeak: Double?
    /// Operations that are really done (Winograd's products, without its transforms) as a share of the peak.
    public let doneShareOfPeak: Double?
    /// Bytes that must be moved at least, in 10⁶: every value that is read or written, once.
    public let megabytes: Double
    /// Those in 10⁹ a second.
    public let gigabytesPerSecond: Double
    /// Those as a share of what memory gives; what stays in a cache may exceed 1.
    public let shareOfMemory: Double
    /// `arithmetic` or `memory` if it does half of what the machine can do of it, else `neither`.
    public let limit: String

    enum CodingKeys: String, CodingKey {
      case name, pass, milliseconds, share, gigaflops, megabytes, limit
      case shareOfPeak = "share_of_peak"
      case doneShareOfPeak = "done_share_of_peak"
      case gigabytesPerSecond = "gigabytes_per_second"
      case shareOfMemory = "share_of_memory"
    }
  }

  /// What the machine can do, measured just before.
  public struct Peak: Encodable, Hashable, Sendable {
    /// Threads that were measured at once.
    public let threads: Int
    /// Level of the hot loops.
    public let kernels: String
    /// Rows and columns of the register tile.
    public let tile: [Int]
    /// Operations of that tile on data in the first cache, in 10⁹ a second.
    public let gigaflops: Double
    /// Bytes read and written when copying what no cache holds, in 10⁹ a second.
    public let gigabytesPerSecond: Double

    enum CodingKeys: String, CodingKey {
      case threads, kernels, tile, gigaflops
      case gigabytesPerSecond = "gigabytes_per_second"
    }
  }

  /// The machine.
  public let peak: Peak
  /// The parts in the order they run.
  public let rows: [Row]
  /// All parts together, in milliseconds.
  public let milliseconds: Double
  /// Share of the time in parts that are limited by `arithmetic`, by `memory`, by `neither`.
  public let limits: [String: Double]

  init(_ rows: [ProfileRow], speed: MachineSpeed, threads: Int) {
    peak = Peak(
      threads: threads, kernels: speed.level, tile: [speed.tileRows, speed.tileColumns],
      gigaflops: speed.gigaflops, gigabytesPerSecond: speed.gigabytes)
    let total = rows.reduce(0) { $0 + $1.milliseconds }
    milliseconds = total
    self.rows = rows.map { Row($0, speed: speed, total: total) }
    limits = Dictionary(grouping: self.rows, by: \.limit).mapValues { $0.reduce(0) { $0 + $1.share } }
  }
}

extension BenchProfile.Row {
  fileprivate init(_ row: ProfileRow, speed: MachineSpeed, total: Double) {
    let seconds = max(row.milliseconds * 1e-3, 1e-9)
    name = row.name
    pass = row.pass
    milliseconds = row.milliseconds
    share = total > 0 ? row.milliseconds / total : 0
    let rate = row.multiplyAccumulates > 0 ? Double(2 * row.multiplyAccumulates) / seconds * 1e-9 : nil
    gigaflops = rate
    shareOfPeak = rate.map { $0 / speed.gigaflops }
    doneShareOfPeak = rate.map { $0 / speed.gigaflops / row.saving }
    megabytes = Double(row.bytes) * 1e-6
    gigabytesPerSecond = Double(row.bytes) / seconds * 1e-9
    shareOfMemory = gigabytesPerSecond / speed.gigabytes
    let (arithmetic, memory) = (doneShareOfPeak ?? 0, shareOfMemory)
    limit = max(arithmetic, memory) < 0.5 ? "neither" : arithmetic >= memory ? "arithmetic" : "memory"
  }
}
