import Foundation
import MtagCore
import MtagKernelTypes
import MtagKernels
import Synchronization

/// What all clips of one spec share: the window, the transform, the triangles and the hot loops. Nothing in it changes after it
/// is made but the list of idle workspaces.
final class MelPlan: Sendable {
  let spec: FeatureSpec
  let kernels: FeatureKernels
  let fft: FFTPlan
  let filterbank: MelFilterbank
  /// The window, without the zeros that surround it in the transform.
  let window: [Float]
  /// Where the window starts in the transform.
  let windowOffset: Int
  /// Samples added before the first and after the last.
  let padLength: Int
  /// Workspaces of finished clips; as many as threads are likely to run at once.
  private let idle = Mutex<[MelWorkspace]>([])
  private static let largestIdleCount = 16

  init(spec: FeatureSpec) throws {
    try spec.validate()
    self.spec = spec
    kernels = try Kernels.table().features
    fft = try FFTPlan(size: spec.fftSize)
    filterbank = MelFilterbank(spec: spec)
    window = Self.hann(length: spec.windowLength)
    windowOffset = (spec.fftSize - spec.windowLength) / 2
    padLength = spec.isCentered ? spec.fftSize / 2 : 0
  }

  /// Frames of a clip: every window that fits into the padded clip. librosa counts the same.
  func frameCount(samples: Int) -> Int {
    let free = samples + 2 * padLength - spec.fftSize
    return samples > 0 && free >= 0 ? 1 + free / spec.hopLength : 0
  }

  /// A workspace that no other stream has.
  func takeWorkspace() -> MelWorkspace { idle.withLock { $0.popLast() } ?? MelWorkspace(plan: self) }

  /// Takes a workspace back for the next clip.
  func keep(_ workspace: MelWorkspace) {
    workspace.reset()
    idle.withLock { if $0.count < Self.largestIdleCount { $0.append(workspace) } }
  }

  /// Hann's window with period `length`: ½ - ½ cos(2πn / length), computed in double precision.
  private static func hann(length: Int) -> [Float] {
    (0..<length).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(length))) }
  }
}
