import Foundation
import MtagCore
import MtagKernelTypes
import MtagKernels

/// An extractor that works on spectra of overlapping frames: mono samples of any number at the spec's rate → `[bands, frames,
/// channels]`, in the unit of the spec's level. All of it is in single precision; the largest difference to the program that
/// a preset matches is stated and tested preset by preset. Magnitudes below 1e-19 of full scale count as zero.
struct SpectrumExtractor<Recipe: SpectrumRecipe>: FeatureExtractor {
  private let plan: SpectrumPlan
  let recipe: Recipe

  init(spec: FeatureSpec) throws {
    let kernels = try Kernels.table().features
    plan = try SpectrumPlan(spec: spec, kernels: kernels)
    recipe = try Recipe(spec: spec, kernels: kernels)
  }

  var spec: FeatureSpec { plan.spec }

  var shape: MapShape { recipe.shape }

  var axes: MapAxes {
    let meaning = recipe.meaning
    return MapAxes(
      bands: meaning.bands, secondsPerFrame: Double(spec.hopLength) / Double(spec.sampleRateHz),
      firstFrameSeconds: plan.firstFrameSeconds, valueUnit: meaning.valueUnit, valueName: meaning.valueName)
  }

  /// The window, a real transform by the split-radix count of about 2 N log₂ N operations, two to a multiply-accumulate, the
  /// power, and what the recipe does with it.
  var multiplyAccumulatesPerFrame: Double {
    let size = Double(spec.fftSize)
    return Double(spec.windowLength) + size * (log2(size) + 1) + Double(recipe.multiplyAccumulates)
  }

  func frameCount(samples: Int) -> Int { plan.layout.frameCount(samples: samples) }

  func makeStream() -> any FeatureStream { SpectrumStream(plan: plan, recipe: recipe) }
}
