import MtagKernelTypes

extension PatchAxis {
  /// Whether every position of the target is written, in order.
  @inline(__always) var isDense: Bool { targetStep == 1 && targetCount == targetSize }

  /// Taps of target q that read inside the source.
  @inline(__always) func insideTaps(_ q: Int) -> Range<Int> {
    let start = sourceStart + q * sourceStep
    let low = start >= 0 ? 0 : min(taps, (tapStep - 1 - start) / tapStep)
    let high = start >= sourceSize ? low : min(taps, (sourceSize - 1 - start) / tapStep + 1)
    return low..<max(low, high)
  }

  /// Targets whose tap k reads inside the source.
  @inline(__always) func insideTargets(_ k: Int) -> Range<Int> {
    let start = sourceStart + k * tapStep
    let low = start >= 0 ? 0 : min(targetCount, (sourceStep - 1 - start) / sourceStep)
    let high = start >= sourceSize ? low : min(targetCount, (sourceSize - 1 - start) / sourceStep + 1)
    return low..<max(low, high)
  }

  /// Targets all of whose taps read inside the source.
  @inline(__always) var wholePatches: Range<Int> {
    let low = insideTargets(0).lowerBound
    return low..<max(low, insideTargets(taps - 1).upperBound)
  }
}
