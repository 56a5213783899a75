import MtagCore
import MtagKernelTypes
import MtagKernels
import Synchronization

/// What all clips of one constant-Q spec share: the tree of decimated streams and the filters that read them. Nothing in it
/// changes after it is made but the list of idle workspaces.
final class ConstantQPlan: Sendable {
  /// One stream of samples: the clip, or another stream decimated.
  struct Stream: Sendable {
    /// The stream it comes from; nil for the clip, which is stream 0.
    let parent: Int?
    let filter: HalvingFilter?
    let decimator: Decimator?
    /// How many halvings lead from the clip to it.
    let depth: Int
    /// Zeros that must stand before its first sample.
    var leadingZeros = 0
  }

  let spec: FeatureSpec
  let numbers: ConstantQNumbers
  let kernels: KernelTable
  /// Parents stand before their children.
  let streams: [Stream]
  let banks: [ConstantQBank]
  /// Rows of one group of frames: bands times harmonics, harmonics innermost.
  let rows: Int
  let layout: ConstantQLayout
  private let idle = Mutex<[ConstantQWorkspace]>([])
  private static let largestIdleCount = 16

  /// - Throws: `MtagError` (usage) if a number of the spec is out of range.
  init(spec: FeatureSpec) throws {
    let numbers = try ConstantQNumbers(spec: spec)
    let layout = ConstantQLayout(numbers)
    let kernels = try Kernels.table()
    let tree = ConstantQTree(layout)
    var streams: [Stream] = []
    for node in tree.nodes {
      let decimator = try node.filter.map {
        try Decimator($0, blockLength: node.blockLength, kernels: kernels.features)
      }
      if let parent = node.parent, let decimator {
        streams[parent].leadingZeros = max(streams[parent].leadingZeros, decimator.radius)
      }
      streams.append(
        Stream(parent: node.parent, filter: node.filter, decimator: decimator, depth: node.depth))
    }
    var banks: [ConstantQBank] = []
    for (octave, stream) in zip(layout.octaves, tree.octaveNodes) {
      let bank = try ConstantQBank(octave: octave, stream: stream, numbers: numbers)
      streams[stream].leadingZeros = max(streams[stream].leadingZeros, bank.fft.size / 2)
      banks.append(bank)
    }
    self.spec = spec
    self.numbers = numbers
    self.kernels = kernels
    self.streams = streams
    self.banks = banks
    rows = numbers.bands * numbers.harmonics.count
    self.layout = layout
  }

  /// Where every stream of a clip of `samples` samples is cut off: librosa has no samples behind that, whatever its filters
  /// ring. After an early decimation soxr rounds the number of samples, librosa rounds it up and fills in a zero.
  func ends(samples: Int) -> [Int] {
    streams.map { stream in
      let factor = 1 << stream.depth
      return switch stream.filter {
      case .halfBand: .max
      case .last: (samples + factor / 2) / factor
      case .octave, nil: (samples + factor - 1) / factor
      }
    }
  }

  /// A workspace that no other stream has.
  func takeWorkspace() -> ConstantQWorkspace {
    idle.withLock { $0.popLast() } ?? ConstantQWorkspace(plan: self)
  }

  /// Takes a workspace back for the next clip.
  func keep(_ workspace: ConstantQWorkspace) {
    workspace.reset(plan: self)
    idle.withLock { if $0.count < Self.largestIdleCount { $0.append(workspace) } }
  }
}
