import MtagCore
import MtagKernelTypes

/// The scratch memory of one clip under way: the samples of every stream that are still needed, and the road of one group of 16
/// frames through the filters.
final class ConstantQWorkspace: @unchecked Sendable {
  // Sendable holds because a workspace belongs to one stream at a time, or to the plan's locked list of idle ones.

  private let histories: [SampleHistory]
  /// Blocks that each stream's decimator has done.
  private var blocks: [Int]
  /// Where each stream is cut off, once the clip's end is known.
  private var ends: [Int]?
  /// Groups of 16 frames that are done.
  private var groups = 0
  /// The values of the clip so far.
  let store: FrameStore

  private let scratch: AlignedBuffer
  private let spectrum: AlignedBuffer
  /// `[16, rowStride]`: spectra, real and imaginary parts in turn.
  private let spectra: AlignedBuffer
  /// `[bins, 2, 16]`: spectra with frames side by side.
  private let turned: AlignedBuffer
  /// `[bands, 16]` of one bank.
  private let bandValues: AlignedBuffer
  /// `[rows, 16]`: the last group.
  private let group: AlignedBuffer
  private let peaks: AlignedBuffer

  init(plan: ConstantQPlan) {
    let width = FeatureKernels.framesPerGroup
    histories = plan.streams.map { SampleHistory(leadingZeros: $0.leadingZeros) }
    blocks = [Int](repeating: 0, count: histories.count)
    let scratchLength = max(
      plan.streams.compactMap(\.decimator?.scratchLength).max() ?? 0,
      plan.banks.map { $0.fft.size }.max() ?? 0)
    scratch = AlignedBuffer(count: scratchLength)
    spectrum = AlignedBuffer(count: scratchLength)
    spectra = AlignedBuffer(count: width * (plan.banks.map(Self.rowStride).max() ?? 0))
    turned = AlignedBuffer(count: ((plan.banks.map(\.binCount).max() ?? 0) + 3) / 4 * 4 * 2 * width)
    bandValues = AlignedBuffer(count: (plan.banks.map(\.bands).max() ?? 0) * width)
    group = AlignedBuffer(count: plan.rows * width)
    peaks = AlignedBuffer(count: width)
    store = FrameStore(rows: plan.rows)
  }

  /// The largest value of all frames so far; values are never negative.
  var peak: Float { peaks.readOnly.max() ?? 0 }

  /// Forgets the clip, keeps the memory.
  func reset(plan: ConstantQPlan) {
    for (history, stream) in zip(histories, plan.streams) { history.reset(leadingZeros: stream.leadingZeros) }
    for stream in blocks.indices { blocks[stream] = 0 }
    ends = nil
    groups = 0
    store.reset()
    peaks.mutable.update(repeating: 0)
  }

  /// Takes the clip's next samples and keeps the values of every group of 16 frames that they complete.
  func push(_ samples: UnsafeBufferPointer<Float>, plan: ConstantQPlan) throws {
    guard let base = samples.baseAddress else { return }
    var offset = 0
    while offset < samples.count {
      // In portions, so that a clip that comes as one block is not copied as one.
      let length = min(Self.portion, samples.count - offset)
      histories[0].append(length).update(from: base + offset, count: length)
      offset += length
      try advance(plan: plan, frames: .max)
    }
  }

  /// Ends a clip of `samples` samples and keeps the groups that were waiting; frames behind the last are zero.
  func finish(samples: Int, plan: ConstantQPlan) throws {
    ends = plan.ends(samples: samples)
    let frames = plan.layout.frameCount(samples: samples)
    let width = FeatureKernels.framesPerGroup
    while groups < (frames + width - 1) / width {
      histories[0].append(Self.portion).update(repeating: 0, count: Self.portion)
      try advance(plan: plan, frames: frames)
    }
  }

  private static let portion = 8192

  private static func rowStride(_ bank: ConstantQBank) -> Int {
    // Room for the three bins that the kernel may read past the last; rows start on a multiple of 64 bytes, and an odd one,
    // so that equal bins of 16 rows do not fall into the same few cache sets.
    (2 * (bank.fft.bins + 3) + 31) / 32 * 32 + 16
  }

  private func advance(plan: ConstantQPlan, frames: Int) throws {
    decimate(plan)
    let width = FeatureKernels.framesPerGroup
    while groups * width < frames,
      plan.banks.allSatisfy({
        histories[$0.stream].end >= (groups * width + width - 1) * $0.hopLength + $0.fft.size / 2
      })
    {
      for bank in plan.banks { process(bank, validFrames: min(width, frames - groups * width), plan: plan) }
      groups += 1
      try store.append(group.readOnly)
    }
    dropSamples(plan)
  }

  /// Runs every block of every decimator whose samples are there.
  private func decimate(_ plan: ConstantQPlan) {
    for (index, stream) in plan.streams.enumerated() {
      guard let parent = stream.parent, let decimator = stream.decimator else { continue }
      let (source, target) = (histories[parent], histories[index])
      while source.end >= (blocks[index] + 1) * decimator.step + decimator.radius {
        decimator.run(
          source.pointer(at: blocks[index] * decimator.step - decimator.radius),
          into: target.append(decimator.outputLength), scratch: scratch.pointer, spectrum: spectrum.pointer)
        blocks[index] += 1
      }
      if let ends { target.clear(from: ends[index]) }
    }
  }

  private func dropSamples(_ plan: ConstantQPlan) {
    var needed = histories.map(\.end)
    for (index, stream) in plan.streams.enumerated() {
      guard let parent = stream.parent, let decimator = stream.decimator else { continue }
      needed[parent] = min(needed[parent], blocks[index] * decimator.step - decimator.radius)
    }
    for bank in plan.banks {
      let first = groups * FeatureKernels.framesPerGroup * bank.hopLength - bank.fft.size / 2
      needed[bank.stream] = min(needed[bank.stream], first)
    }
    for (history, place) in zip(histories, needed) { history.drop(before: place) }
  }

  private func process(_ bank: ConstantQBank, validFrames: Int, plan: ConstantQPlan) {
    let (width, size, stride) = (FeatureKernels.framesPerGroup, bank.fft.size, Self.rowStride(bank))
    let first = groups * width * bank.hopLength - size / 2
    let samples = histories[bank.stream].pointer(at: first)
    for index in 0..<width {
      let row = spectra.pointer + index * stride
      if index < validFrames {
        scratch.pointer.update(from: samples + index * bank.hopLength, count: size)
        bank.fft.execute(scratch.pointer, into: row)
      } else {
        row.update(repeating: 0, count: stride)
      }
    }
    plan.kernels.constantQ.turnSpectra(turned.pointer, spectra.pointer, stride, bank.firstBin, bank.binCount)
    bank.withTable {
      plan.kernels.constantQ.bandValues(
        bandValues.pointer, peaks.pointer, turned.pointer, $0, plan.spec.magnitudeExponent == 1)
    }
    for (band, rows) in bank.rows.enumerated() {
      for row in rows {
        (group.pointer + row * width).update(from: bandValues.pointer + band * width, count: width)
      }
    }
  }
}
