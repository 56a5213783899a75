import MtagCore
import MtagKernelTypes

/// One clip on its way to a map of samples.
final class WaveformStream: FeatureStream {
  private let spec: FeatureSpec
  private var meter: SampleMeter
  private var emphasis: ClipEmphasis
  private let store: FrameStore
  /// Samples that do not fill a group yet.
  private let pending: AlignedBuffer
  private var pendingCount = 0
  private var count = 0
  private var isFinished = false

  /// The store is filled in groups of 4096 samples.
  private static let storeRows = 256

  init(spec: FeatureSpec, kernels: FeatureKernels) {
    self.spec = spec
    meter = SampleMeter(
      kernels: kernels, sampleRateHz: spec.sampleRateHz,
      measuresEnergy: spec.waveformNormalization == .unitNorm)
    emphasis = ClipEmphasis(spec: spec, kernels: kernels)
    store = FrameStore(rows: Self.storeRows)
    pending = AlignedBuffer(count: store.groupCount)
  }

  func push(_ samples: UnsafeBufferPointer<Float>) throws {
    precondition(!isFinished, "a stream takes no samples after finish()")
    try meter.add(samples)
    try emphasis.push(samples) { try append($0) }
  }

  private func append(_ samples: UnsafeBufferPointer<Float>) throws {
    guard let base = samples.baseAddress else { return }
    count += samples.count
    var offset = 0
    while offset < samples.count {
      let taken = min(pending.count - pendingCount, samples.count - offset)
      (pending.pointer + pendingCount).update(from: base + offset, count: taken)
      pendingCount += taken
      offset += taken
      guard pendingCount == pending.count else { break }
      try store.append(pending.readOnly)
      pendingCount = 0
    }
  }

  func finish() throws -> FeatureMap {
    precondition(!isFinished, "a stream is finished once")
    isFinished = true
    guard meter.count > 0 else {
      throw MtagError(.badData, "the clip is empty; features need at least one sample")
    }
    guard count > 0 else {
      throw MtagError(
        .badData, "the clip's only sample is lost to pre-emphasis; feature spec '\(spec.name)' needs 2")
    }
    let scale = spec.waveformNormalization == .unitNorm ? meter.unitScale : 1
    return try MapWriter.map(bands: 1, frames: count) { writer in
      try store.forEachGroup { try Self.write($0, store.groupCount, scale, into: &writer) }
      try Self.write(pending.pointer, pendingCount, scale, into: &writer)
    }
  }

  private static func write(
    _ samples: UnsafePointer<Float>, _ count: Int, _ scale: Float, into writer: inout MapWriter
  ) throws {
    var offset = 0
    while offset < count {
      let columns = min(columnsAtOnce, count - offset)
      try writer.columns(columns) { target, _ in
        for index in 0..<columns { target[index] = scale * samples[offset + index] }
      }
      offset += columns
    }
  }

  /// A map in a file is written in blocks of 512.
  private static let columnsAtOnce = 512
}
