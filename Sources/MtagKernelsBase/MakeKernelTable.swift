public import MtagKernelTypes

/// The table of the level this module was compiled for.
public func makeKernelTable() -> KernelTable {
  KernelTable(
    level: levelName,
    features: FeatureKernels(
      applyWindow: applyWindow, largestMagnitudeBits: largestMagnitudeBits, addSquares: addSquares,
      binValues: binValues, bandSums: bandSums, levels: levels))
}
