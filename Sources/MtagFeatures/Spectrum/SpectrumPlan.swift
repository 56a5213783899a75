import MtagCore
import MtagKernelTypes
import MtagKernels
import Synchronization

/// What all clips of one spec share: the windowed transform and the hot loops. Nothing in it changes after it is made but
/// the list of idle workspaces.
final class SpectrumPlan: Sendable {
  let spec: FeatureSpec
  let kernels: FeatureKernels
  let transform: any FrameTransform
  /// Where frames lie.
  let layout: FrameLayout
  /// Workspaces of finished clips; as many as threads are likely to run at once.
  private let idle = Mutex<[SpectrumWorkspace]>([])
  private static let largestIdleCount = 16

  init(spec: FeatureSpec, kernels: FeatureKernels, inDoublePrecision: Bool) throws {
    self.spec = spec
    self.kernels = kernels
    layout = FrameLayout(spec: spec)
    transform =
      inDoublePrecision
      ? try DoubleTransform(spec: spec, kernels: kernels, windowOffset: layout.windowOffset)
      : try SingleTransform(spec: spec, kernels: kernels, windowOffset: layout.windowOffset)
  }

  /// The time, in seconds, that the middle of frame 0 stands for.
  var firstFrameSeconds: Double {
    let middle = spec.isCentered ? 0 : Double(layout.windowOffset) + Double(spec.windowLength) / 2
    return middle / Double(spec.sampleRateHz)
  }

  /// A workspace that no other stream has.
  func takeWorkspace(_ recipe: some SpectrumRecipe) -> SpectrumWorkspace {
    idle.withLock { $0.popLast() } ?? SpectrumWorkspace(plan: self, recipe: recipe)
  }

  /// Takes a workspace back for the next clip.
  func keep(_ workspace: SpectrumWorkspace) {
    workspace.reset()
    idle.withLock { if $0.count < Self.largestIdleCount { $0.append(workspace) } }
  }
}
