/// A convolution, or one phase of the gradient of its input, as a matrix product over patches of its source:
/// target `[pixels, outputs]` = patches `[pixels, taps, channels]` · filters `[taps, channels, outputs]`, for each group.
public struct PatchShape: Sendable, Hashable {
  /// Clips in the batch.
  public let batch: Int
  /// Along the bands.
  public let bands: PatchAxis
  /// Along the frames.
  public let frames: PatchAxis
  /// Floats from one pixel of the source to the next.
  public let sourceStride: Int
  /// Floats from one pixel of the target to the next.
  public let targetStride: Int
  /// Groups that are computed apart; each may hold several groups of the graph.
  public let groups: Int
  /// Channels that a patch takes from each source pixel.
  public let channels: Int
  /// Channels of the target that a group gives.
  public let outputs: Int

  /// Makes a shape.
  public init(
    batch: Int, bands: PatchAxis, frames: PatchAxis, sourceStride: Int, targetStride: Int, groups: Int,
    channels: Int, outputs: Int
  ) {
    self.batch = batch
    self.bands = bands
    self.frames = frames
    self.sourceStride = sourceStride
    self.targetStride = targetStride
    self.groups = groups
    self.channels = channels
    self.outputs = outputs
  }

  /// Target pixels of the whole batch.
  @inlinable public var pixels: Int { batch * bands.targetCount * frames.targetCount }
  /// Taps of a patch.
  @inlinable public var taps: Int { bands.taps * frames.taps }
  /// Values of a patch.
  @inlinable public var depth: Int { taps * channels }
  /// The same in whole rows of the smallest register tile.
  @inlinable public var paddedDepth: Int { (depth + 3) / 4 * 4 }
  /// Outputs of a group in whole registers of the widest level.
  @inlinable public var paddedOutputs: Int { (outputs + 15) / 16 * 16 }
  /// Floats of a group's packed filters: panels of `panelWidth` outputs, the last one narrower, each `[paddedDepth, width]`.
  @inlinable public var groupFilterCount: Int { paddedDepth * paddedOutputs }
  /// Floats of all packed filters.
  @inlinable public var filterCount: Int { groups * groupFilterCount }
  /// With few channels, patches are laid out tap by tap over all pixels, since a tap of one pixel is but a few floats.
  @inlinable public var isTapMajor: Bool { channels <= 4 && !isRowByRow }
  /// Whether the target is worked on row by row and the patches row of taps by row of taps: these overlap in the source's memory
  /// as they should in the matrix, so that nothing needs to be copied, or only one strip of a source row. Short rows would leave
  /// too many tiles unfilled, and short runs of taps too many sums half done.
  @inlinable public var isRowByRow: Bool {
    // Taps with holes between them are multiplied one by one.
    let run = frames.tapStep == 1 ? frames.taps * channels : channels
    guard frames.targetCount >= 32, run >= 32 else { return false }
    if channels <= 4 {
      return channels == 1 && sourceStride == 1 && bands.taps == 1 && frames.sourceStep == 1
    }
    return frames.sourceStep <= frames.taps || channels == sourceStride
  }
}
