import MtagCore
import MtagKernelTypes

extension MapWriter {
  /// Writes the first `columns` columns of a group, `[rows, 16]`, as they are.
  mutating func values(_ group: UnsafePointer<Float>, rows: Int, columns: Int) throws {
    try self.columns(columns) { target, rowStride in
      for row in 0..<rows {
        (target + row * rowStride).update(from: group + row * FeatureKernels.framesPerGroup, count: columns)
      }
    }
  }
}
