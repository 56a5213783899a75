import MtagCore
import MtagKernelTypes

/// One fused piece of a compiled network: its forward and its backward side by side.
///
/// `forward` reads the input tensors and writes the output tensor. `backward` reads the output's gradient and writes each input's
/// gradient and those of its parameters (overwriting them). It may read the inputs again, but not the output: a batch norm that
/// follows has put its gradient there.
protocol Step: AnyObject {
  /// Its name, and the values it reads and writes.
  var tensors: StepTensors { get }
  /// Floats of scratch memory that it needs for each worker.
  var scratchCount: Int { get }
  /// Values between its parts that forward keeps for backward, for the account of memory traffic.
  var innerValues: [Tensor] { get }
  func forward(_ context: StepContext)
  func backward(_ context: StepContext)
}

extension Step {
  var scratchCount: Int { 0 }
  var innerValues: [Tensor] { [] }
  var name: String { tensors.name }
  var inputs: [Tensor] { tensors.inputs }
  var inputGradients: [Tensor?] { tensors.inputGradients }
  var input: Tensor { tensors.input }
  var inputGradient: Tensor? { tensors.inputGradient }
  var output: Tensor { tensors.output }
  var outputGradient: Tensor? { tensors.outputGradient }
}

/// What steps share while a plan runs.
struct StepContext {
  let kernels: KernelTable
  let executor: ParallelExecutor
  /// Training uses batch statistics and dropout; else running statistics.
  let isTraining: Bool
  /// Seed of the dropout masks of this very step of training.
  let dropoutSeed: UInt64
  /// Whether parameters changed since the last run, so that what was made from them must be made anew.
  let parametersChanged: Bool
  /// Scratch memory: `scratchStride` floats for each worker.
  let scratch: UnsafeMutablePointer<Float>
  let scratchStride: Int

  func scratch(of worker: Int) -> UnsafeMutablePointer<Float> {
    precondition(
      worker < Plan.workerLimit, "a loop with scratch memory has more than \(Plan.workerLimit) pieces")
    return scratch + worker * scratchStride
  }

  /// Runs over `0 ..< count` in at most `limit` pieces of whole multiples of `grain`. How the pieces are cut depends on the
  /// problem alone, so partial sums are the same for any number of threads.
  func forPieces(
    _ count: Int, limit: Int, grain: Int = 1,
    _ body: (_ piece: Int, _ range: Range<Int>, _ worker: Int) -> Void
  ) {
    let size = Self.pieceSize(count, limit: limit, grain: grain)
    executor.forEach(chunks: (count + size - 1) / size) { piece, worker in
      body(piece, piece * size..<min((piece + 1) * size, count), worker)
    }
  }

  /// Runs over `0 ..< count` as `forPieces` does; where that gives too few pieces for the threads, each does a part of the channels.
  /// Only for what adds up nothing over pieces: the cuts depend on the number of threads.
  func forParts(
    _ count: Int, limit: Int, grain: Int, channels: Int,
    _ body: (_ range: Range<Int>, _ channels: Range<Int>, _ worker: Int) -> Void
  ) {
    let size = Self.pieceSize(count, limit: limit, grain: grain)
    let pieces = (count + size - 1) / size
    // Four pieces a thread, so that none waits long for the last; never more than `limit` in all.
    let wanted = executor.threads == 1 ? 1 : (4 * executor.threads + pieces - 1) / pieces
    let most = max(1, min(wanted, limit / max(pieces, 1)))
    let blocks = (channels + Self.channelGrain - 1) / Self.channelGrain
    let width = max(1, (blocks + most - 1) / most) * Self.channelGrain
    let parts = max(1, (channels + width - 1) / width)
    executor.forEach(chunks: pieces * parts) { chunk, worker in
      let (first, channel) = (chunk / parts * size, chunk % parts * width)
      body(first..<min(first + size, count), channel..<min(channel + width, channels), worker)
    }
  }

  /// Channels that kernels multiply together.
  private static let channelGrain = 64

  /// How many elements a piece of `forPieces` has.
  static func pieceSize(_ count: Int, limit: Int, grain: Int) -> Int {
    let grains = (count + grain - 1) / grain
    return max(1, (grains + limit - 1) / limit) * grain
  }
}
