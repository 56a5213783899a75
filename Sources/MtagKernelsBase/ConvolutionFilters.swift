import MtagKernelTypes

// Filters from PyTorch's layout [out, in / groups, bands, frames] to packed panels [taps, source channels, width], and the
// gradient of packed panels back.

func packFilters(_ run: FilterPacking, _ first: Int, _ count: Int) {
  let shape = run.shape
  for index in first..<(first + count) {
    let panel = PackedPanel(run, index)
    clear(run.packed + panel.start, shape.paddedDepth * panel.width)
    for channel in 0..<shape.channels {
      guard let lanes = PackedLanes(run, panel, channel) else { continue }
      for i in 0..<shape.bands.taps {
        for j in 0..<shape.frames.taps {
          let weights = UnsafePointer(run.weights + lanes.weight + run.filterTap(i, j))
          let packed =
            run.packed + panel.start + lanes.first
            + ((i * shape.frames.taps + j) * shape.channels + channel) * panel.width
          for lane in 0..<lanes.count { packed[lane] = weights[lane * lanes.stride] }
        }
      }
    }
  }
}

func unpackFilterGradient(_ run: FilterPacking, _ pieces: Int, _ first: Int, _ count: Int) {
  let shape = run.shape
  for index in first..<(first + count) {
    let panel = PackedPanel(run, index)
    for piece in 1..<max(pieces, 1) {
      let part = run.packed + piece * shape.filterCount + panel.start
      let sum = run.packed + panel.start
      var i = 0
      while i < shape.paddedDepth * panel.width {
        store(sum + i, load(sum + i) + load(part + i))
        i += laneCount
      }
    }
    for channel in 0..<shape.channels {
      guard let lanes = PackedLanes(run, panel, channel) else { continue }
      for i in 0..<shape.bands.taps {
        for j in 0..<shape.frames.taps {
          let weights = run.weights + lanes.weight + run.filterTap(i, j)
          let packed = UnsafePointer(
            run.packed + panel.start + lanes.first
              + ((i * shape.frames.taps + j) * shape.channels + channel) * panel.width)
          for lane in 0..<lanes.count { weights[lane * lanes.stride] = packed[lane] }
        }
      }
    }
  }
}

extension FilterPacking {
  /// The filter's tap that a tap of the product stands for.
  @inline(__always) fileprivate func filterTap(_ i: Int, _ j: Int) -> Int {
    (shape.bands.filterStart + i * shape.bands.filterStep) * kernelFrames + shape.frames.filterStart
      + j * shape.frames.filterStep
  }
}

/// One panel of packed filters.
private struct PackedPanel {
  let group: Int
  /// The first output of the panel in its group.
  let column: Int
  let width: Int
  /// Where it starts in the packed filters.
  let start: Int

  @inline(__always) init(_ run: FilterPacking, _ index: Int) {
    let shape = run.shape
    let panels = (shape.paddedOutputs + panelWidth - 1) / panelWidth
    group = index / panels
    column = index % panels * panelWidth
    width = shape.paddedOutputs - column >= panelWidth ? panelWidth : laneCount
    start = group * shape.groupFilterCount + column * shape.paddedDepth
  }
}

/// The outputs of a panel that see a source channel; the others' weights are zero.
private struct PackedLanes {
  /// The first lane.
  let first: Int
  let count: Int
  /// Where the first lane's weight of tap 0 stands.
  let weight: Int
  /// From one lane's weight to the next.
  let stride: Int

  @inline(__always) init?(_ run: FilterPacking, _ panel: PackedPanel, _ channel: Int) {
    let shape = run.shape
    let source = panel.group * shape.channels + channel
    let sources = run.isTransposed ? run.groupOutputs : run.groupInputs
    let targets = run.isTransposed ? run.groupInputs : run.groupOutputs
    let group = source / sources
    guard group < run.groups else { return nil }
    let start = panel.group * shape.outputs + panel.column
    let end = min(start + panel.width, panel.group * shape.outputs + shape.outputs)
    let low = max(start, group * targets)
    let high = min(end, (group + 1) * targets)
    guard low < high else { return nil }
    (first, count) = (low - start, high - low)
    let target = low - group * targets
    if run.isTransposed {
      weight = (source * run.groupInputs + target) * run.kernelTaps
      stride = run.kernelTaps
    } else {
      weight = (low * run.groupInputs + source - group * sources) * run.kernelTaps
      stride = run.groupInputs * run.kernelTaps
    }
  }
}
