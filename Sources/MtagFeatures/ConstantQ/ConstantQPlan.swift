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
  private let frameFactor: Int
  private let idle = Mutex<[ConstantQWorkspace]>([])
  private static let largestIdleCount = 16

  /// - Throws: `MtagError` (usage) if a number of the spec is out of range.
  init(spec: FeatureSpec) throws {
    let numbers = try ConstantQNumbers(spec: spec)
    let layout = ConstantQLayout(numbers)
    let kernels = try Kernels.table()
    var streams = [Stream(parent: nil, filter: nil, decimator: nil, depth: 0)]
    var places: [[HalvingFilter]: Int] = [[]: 0]
    var banks: [ConstantQBank] = []
    for octave in layout.octaves {
      var stream = 0
      for depth in octave.halvings.indices {
        let road = Array(octave.halvings[...depth])
        let next = places[road] ?? streams.count
        if next == streams.count {
          // Long blocks take less time, but slow streams fill theirs late, and the faster ones must wait with their samples.
          let decimator = try Decimator(
            octave.halvings[depth], blockLength: depth == 0 ? 2048 : 1024, kernels: kernels.features)
          streams.append(
            Stream(
              parent: stream, filter: octave.halvings[depth], decimator: decimator, depth: depth + 1))
          places[road] = next
          streams[stream].leadingZeros = max(streams[stream].leadingZeros, decimator.radius)
        }
        stream = next
      }
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
    frameFactor = layout.frameFactor
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

  /// Frames of a clip: one for every hop within it, counted where its least decimated octave is read, as librosa does.
  func frameCount(samples: Int) -> Int {
    guard samples > 0 else { return 0 }
    return 1 + (samples + frameFactor - 1) / frameFactor / (numbers.hopLength / frameFactor)
  }

  /// What a frame costs: the filters of all octaves, and the decimation of a hop's samples at each rate.
  var multiplyAccumulatesPerFrame: Double {
    let decimation = streams.map { stream in
      let samples = Double(spec.hopLength) / Double(1 << max(0, stream.depth - 1))
      return (stream.decimator?.multiplyAccumulatesPerSample ?? 0) * samples
    }
    return decimation.reduce(0, +) + banks.reduce(0) { $0 + $1.multiplyAccumulates }
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
