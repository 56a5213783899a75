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
    /// The least it could take here: operations that are really done at the peak or bytes at memory's speed, whichever is
    /// longer. What stays in a cache may be faster.
    public let leastMilliseconds: Double
    /// Which of the two that is: `arithmetic` or `memory`; empty for what is not accounted for.
    public let limit: String

    enum CodingKeys: String, CodingKey {
      case name, pass, milliseconds, share, gigaflops, megabytes, limit
      case shareOfPeak = "share_of_peak"
      case doneShareOfPeak = "done_share_of_peak"
      case gigabytesPerSecond = "gigabytes_per_second"
      case leastMilliseconds = "least_milliseconds"
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
  /// The least that all parts limited by arithmetic could take here, in milliseconds.
  public let arithmeticMilliseconds: Double
  /// The same for those limited by memory.
  public let memoryMilliseconds: Double

  enum CodingKeys: String, CodingKey {
    case peak, rows, milliseconds
    case arithmeticMilliseconds = "arithmetic_milliseconds"
    case memoryMilliseconds = "memory_milliseconds"
  }

  init(_ rows: [ProfileRow], speed: MachineSpeed, threads: Int) {
    peak = Peak(
      threads: threads, kernels: speed.level, tile: [speed.tileRows, speed.tileColumns],
      gigaflops: speed.gigaflops, gigabytesPerSecond: speed.gigabytes)
    let total = rows.reduce(0) { $0 + $1.milliseconds }
    milliseconds = total
    let rows = rows.map { Row($0, speed: speed, total: total) }
    self.rows = rows
    func least(_ limit: String) -> Double {
      rows.filter { $0.limit == limit }.reduce(0) { $0 + $1.leastMilliseconds }
    }
    arithmeticMilliseconds = least("arithmetic")
    memoryMilliseconds = least("memory")
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
    let arithmetic = Double(2 * row.multiplyAccumulates) / row.saving / speed.gigaflops * 1e-6
    let memory = Double(row.bytes) / speed.gigabytes * 1e-6
    leastMilliseconds = max(arithmetic, memory)
    limit = leastMilliseconds == 0 ? "" : arithmetic >= memory ? "arithmetic" : "memory"
  }
}
