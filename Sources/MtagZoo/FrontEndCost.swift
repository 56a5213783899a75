import MtagFeatures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An estimate of what a front-end costs, in multiply-accumulates, so that a model's cost column hides nothing.
enum FrontEndCost {
  /// For each frame: the window (N), a real FFT by the split-radix count of about 2 N log₂ N operations, two to a
  /// multiply-accumulate (N log₂ N), the power (N), and a sparse filter bank in which each bin belongs to two triangles (N).
  static func multiplyAccumulates(_ spec: FeatureSpec, frames: Int) -> Int {
    let size = Double(spec.fftSize)
    return Int((size * (log2(size) + 2) + Double(spec.windowLength)) * Double(frames))
  }
}
