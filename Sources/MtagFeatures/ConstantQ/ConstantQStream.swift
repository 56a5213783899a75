import Foundation
import MtagCore
import MtagKernelTypes

/// One clip on its way to a constant-Q map. Keeps band values, the samples that filters still reach, and nothing else of the
/// sound.
final class ConstantQStream: FeatureStream {
  private let plan: ConstantQPlan
  private let workspace: ConstantQWorkspace
  private var meter: SampleMeter
  private var isFinished = false

  init(plan: ConstantQPlan) {
    self.plan = plan
    workspace = plan.takeWorkspace()
    meter = SampleMeter(
      kernels: plan.kernels.features, sampleRateHz: plan.spec.sampleRateHz,
      measuresEnergy: plan.spec.waveformNormalization == .unitNorm)
  }

  func push(_ samples: UnsafeBufferPointer<Float>) throws {
    precondition(!isFinished, "a stream takes no samples after finish()")
    try meter.add(samples)
    try workspace.push(samples, plan: plan)
  }

  func finish() throws -> FeatureMap {
    precondition(!isFinished, "a stream is finished once")
    isFinished = true
    guard meter.count > 0 else {
      throw MtagError(.badData, "the clip is empty; features need at least one sample")
    }
    try workspace.finish(samples: meter.count, plan: plan)
    let (spec, numbers) = (plan.spec, plan.numbers)
    let clip = KeptFrames(
      store: workspace.store, frames: plan.layout.frameCount(samples: meter.count), peaks: [workspace.peak],
      valueScale: meter.valueScale(spec))
    let (kernels, rule) = (plan.kernels.features, clip.levelRule(spec))
    let channels = numbers.harmonics.count
    let map = try MapWriter.map(bands: numbers.bands, frames: clip.frames, channels: channels) { writer in
      if channels == 1 {
        try writer.levels(of: clip, rows: numbers.bands, rule: rule, kernels: kernels)
      } else {
        try writer.levels(of: clip, bands: numbers.bands, channels: channels, rule: rule, kernels: kernels)
      }
    }
    plan.keep(workspace)
    return map
  }
}

extension MapWriter {
  /// Writes the levels of kept values whose rows are `[bands, channels]`: channels become innermost.
  mutating func levels(
    of clip: KeptFrames, bands: Int, channels: Int, rule: LevelRule, kernels: FeatureKernels
  ) throws {
    let (rows, width) = (bands * channels, FeatureKernels.framesPerGroup)
    let levels = AlignedBuffer(count: rows * width)
    try clip.forEachGroup { group, columns in
      kernels.levels(levels.pointer, width, group, rows, width, rule)
      try self.columns(columns) { target, rowStride in
        for row in 0..<rows {
          let (band, channel) = row.quotientAndRemainder(dividingBy: channels)
          let (source, place) = (levels.pointer + row * width, target + band * rowStride + channel)
          for column in 0..<columns { place[column * channels] = source[column] }
        }
      }
    }
  }
}
