import MtagCore
import MtagKernelTypes

/// One clip on its way to a map. Keeps what its recipe keeps, a few frames of samples, and nothing else of the sound.
final class SpectrumStream<Recipe: SpectrumRecipe>: FeatureStream {
  private let plan: SpectrumPlan
  private let recipe: Recipe
  private let workspace: SpectrumWorkspace
  private var meter: SampleMeter
  private var emphasis: ClipEmphasis
  private var padding: EdgePadding
  private var stager: FrameStager
  private var isFinished = false

  init(plan: SpectrumPlan, recipe: Recipe) {
    let (spec, width) = (plan.spec, FeatureKernels.framesPerGroup)
    self.plan = plan
    self.recipe = recipe
    workspace = plan.takeWorkspace(recipe)
    meter = SampleMeter(
      kernels: plan.kernels, sampleRateHz: spec.sampleRateHz,
      measuresEnergy: spec.waveformNormalization == .unitNorm)
    emphasis = ClipEmphasis(spec: spec, kernels: plan.kernels)
    padding = EdgePadding(length: plan.layout.padLength, rule: spec.padding)
    stager = FrameStager(
      span: (width - 1) * spec.hopLength + plan.layout.frameLength, step: width * spec.hopLength)
  }

  func push(_ samples: UnsafeBufferPointer<Float>) throws {
    precondition(!isFinished, "a stream takes no samples after finish()")
    try meter.add(samples)
    try emphasis.push(samples) { try padding.push($0) { try feed($0) } }
  }

  func finish() throws -> FeatureMap {
    precondition(!isFinished, "a stream is finished once")
    isFinished = true
    guard meter.count > 0 else {
      throw MtagError(.badData, "the clip is empty; features need at least one sample")
    }
    let layout = plan.layout
    let frames = layout.frameCount(samples: meter.count)
    guard frames > 0 else {
      throw MtagError(
        .badData,
        "the clip's \(meter.count) samples are too few for one frame; feature spec '\(plan.spec.name)' needs "
          + "\(layout.fewestSamples)"
      )
    }
    try padding.finish { try feed($0) }
    let missing = layout.missingSamples(samples: meter.count, frames: frames)
    try [Float](repeating: 0, count: missing).withUnsafeBufferPointer { try feed($0) }
    let rest = frames % FeatureKernels.framesPerGroup
    if rest > 0 { try stager.flush { try addGroup($0, validFrames: rest) } }
    let clip = KeptFrames(
      store: workspace.store, frames: frames, peaks: workspace.peaks, valueScale: meter.valueScale(plan.spec))
    let (recipe, shape) = (recipe, recipe.shape)
    let map = try MapWriter.map(bands: shape.bands, frames: frames, channels: shape.channels) {
      try recipe.finish(clip, into: &$0)
    }
    plan.keep(workspace)
    return map
  }

  private func feed(_ samples: UnsafeBufferPointer<Float>) throws {
    try stager.feed(samples) { try addGroup($0, validFrames: FeatureKernels.framesPerGroup) }
  }

  private func addGroup(_ samples: UnsafePointer<Float>, validFrames: Int) throws {
    try workspace.process(samples, validFrames: validFrames, plan: plan, recipe: recipe)
  }
}
