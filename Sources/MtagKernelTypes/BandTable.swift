/// A bank of band filters, each trimmed to the bins it uses. Whoever makes it keeps the memory alive while it is in use.
public struct BandTable {
  /// How many bands there are.
  public let bands: Int
  /// `[bands]`: the first bin of each band, counted from the first row of the bins given to the kernel.
  public let firstBins: UnsafePointer<Int32>
  /// `[bands]`: how many bins each band uses; may be zero.
  public let binCounts: UnsafePointer<Int32>
  /// The weights of band 0, then of band 1, …
  public let weights: UnsafePointer<Float>

  /// Collects the pointers.
  public init(
    bands: Int, firstBins: UnsafePointer<Int32>, binCounts: UnsafePointer<Int32>,
    weights: UnsafePointer<Float>
  ) {
    self.bands = bands
    self.firstBins = firstBins
    self.binCounts = binCounts
    self.weights = weights
  }
}
