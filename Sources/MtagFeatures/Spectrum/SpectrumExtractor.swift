import Foundation
import MtagCore
import MtagKernelTypes
import MtagKernels

/// An extractor that works on spectra of overlapping frames: mono samples of any number at the spec's rate → `[bands, frames,
/// channels]`, in the unit of the spec's level. All of it is in single precision, but for the
/// transforms of recipes that ask for double; the largest difference to the program that
/// a preset matches is stated and tested preset by preset. Magnitudes below 1e-19 of full scale count as zero.
struct SpectrumExtractor<Recipe: SpectrumRecipe>: FeatureExtractor {
  private let plan: SpectrumPlan
  let recipe: Recipe
  let multiplyAccumulatesPerFrame: Double

  init(spec: FeatureSpec) throws {
    let kernels = try Kernels.table().features
    plan = try SpectrumPlan(spec: spec, kernels: kernels, inDoublePrecision: Recipe.transformsInDouble)
    recipe = try Recipe(spec: spec, kernels: kernels)
    multiplyAccumulatesPerFrame = try Self.multiplyAccumulatesPerFrame(of: spec)
  }

  var spec: FeatureSpec { plan.spec }
  var transform: any FrameTransform { plan.transform }

  var shape: MapShape { recipe.shape }

  var axes: MapAxes {
    let meaning = recipe.meaning
    return MapAxes(
      bands: meaning.bands, secondsPerFrame: Double(spec.hopLength) / Double(spec.sampleRateHz),
      firstFrameSeconds: plan.firstFrameSeconds, valueUnit: meaning.valueUnit, valueName: meaning.valueName)
  }

  /// The window, a real transform by the split-radix count of about 2 N log₂ N operations, two to a multiply-accumulate, the
  /// power, and what the recipe does with it.
  static func multiplyAccumulatesPerFrame(of spec: FeatureSpec) throws -> Double {
    let size = Double(spec.fftSize)
    return Double(spec.windowLength) + size * (log2(size) + 1)
      + Double(try Recipe.multiplyAccumulates(of: spec))
  }

  func frameCount(samples: Int) -> Int { plan.layout.frameCount(samples: samples) }

  func makeStream() -> any FeatureStream { SpectrumStream(plan: plan, recipe: recipe) }
}

/// An extractor that makes one spectrum of each frame.
protocol SpectrumPerFrame {
  var transform: any FrameTransform { get }
}

extension SpectrumExtractor: SpectrumPerFrame {}
