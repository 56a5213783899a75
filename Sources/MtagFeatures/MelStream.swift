import Foundation
import MtagCore
import MtagKernelTypes

/// One clip on its way to a log-mel map. Keeps band values, a few frames of samples, and nothing else of the sound.
final class MelStream: FeatureStream {
  private let plan: MelPlan
  private let workspace: MelWorkspace
  private var meter: SampleMeter
  private var padding: EdgePadding
  private var stager: FrameStager
  private var isFinished = false

  /// A clip whose Euclidean norm is below this counts as silence: 1e-15 is 300 dB below one full-scale sample.
  private static let silentNorm = 1e-15

  init(plan: MelPlan) {
    let (spec, width) = (plan.spec, FeatureKernels.framesPerGroup)
    self.plan = plan
    workspace = plan.takeWorkspace()
    meter = SampleMeter(
      kernels: plan.kernels, sampleRateHz: spec.sampleRateHz,
      measuresEnergy: spec.waveformNormalization == .unitNorm)
    padding = EdgePadding(length: plan.padLength, rule: spec.padding)
    stager = FrameStager(span: (width - 1) * spec.hopLength + spec.fftSize, step: width * spec.hopLength)
  }

  func push(_ samples: UnsafeBufferPointer<Float>) throws {
    precondition(!isFinished, "a stream takes no samples after finish()")
    try meter.add(samples)
    padding.push(samples) { feed($0) }
  }

  func finish() throws -> FeatureMap {
    precondition(!isFinished, "a stream is finished once")
    isFinished = true
    guard meter.count > 0 else {
      throw MtagError(.badData, "the clip is empty; features need at least one sample")
    }
    let frames = plan.frameCount(samples: meter.count)
    guard frames > 0 else {
      throw MtagError(
        .badData,
        "the clip's \(meter.count) samples are fewer than one transform of \(plan.spec.fftSize); use a centred spec"
      )
    }
    padding.finish { feed($0) }
    let rest = frames % FeatureKernels.framesPerGroup
    if rest > 0 { stager.flush { addGroup($0, validFrames: rest) } }
    let map = levels(frames: frames)
    plan.keep(workspace)
    return map
  }

  private func feed(_ samples: UnsafeBufferPointer<Float>) {
    stager.feed(samples) { addGroup($0, validFrames: FeatureKernels.framesPerGroup) }
  }

  private func addGroup(_ samples: UnsafePointer<Float>, validFrames: Int) {
    workspace.process(samples, validFrames: validFrames, plan: plan)
  }

  /// The spec's levels of all band values, turned to `[bands, frames]`.
  private func levels(frames: Int) -> FeatureMap {
    let (bands, width) = (plan.filterbank.bands, FeatureKernels.framesPerGroup)
    let rule = levelRule()
    let values = [Float](unsafeUninitializedCapacity: bands * frames) { buffer, initializedCount in
      var frame = 0
      for piece in workspace.pieces {
        piece.withUnsafeBufferPointer { piece in
          guard let source = piece.baseAddress, let target = buffer.baseAddress else { return }
          for group in stride(from: 0, to: piece.count, by: bands * width) {
            let columns = min(width, frames - frame)
            plan.kernels.levels(target + frame, frames, source + group, bands, columns, rule)
            frame += columns
          }
        }
      }
      initializedCount = bands * frames
    }
    return FeatureMap(bands: bands, frames: frames, values: values)
  }

  private func levelRule() -> LevelRule {
    let (spec, level) = (plan.spec, plan.spec.level)
    // Band values are proportional to the waveform (or its square), so its norm is divided out at the end.
    let isSilent = spec.waveformNormalization == .none || meter.norm < Self.silentNorm
    let scale = isSilent ? 1 : Float(pow(1 / meter.norm, Double(spec.magnitudeExponent)))
    let largest = max(workspace.peak * scale, level.minimumValue)
    let decibelsPerOctave = 20 / Double(spec.magnitudeExponent) * log10(2)
    let reference = level.reference == .clipMaximum ? largest : 1
    let largestDB = Float(decibelsPerOctave * log2(Double(largest) / Double(reference)))
    return LevelRule(
      valueScale: scale, minimum: level.minimumValue, reference: reference,
      decibelsPerOctave: Float(decibelsPerOctave), floorDB: level.floorDB.map { largestDB - $0 } ?? -.infinity
    )
  }
}
