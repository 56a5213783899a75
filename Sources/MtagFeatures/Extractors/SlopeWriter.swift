import MtagCore
import MtagKernelTypes

/// Writes rows, and below them their first and second derivatives over time: those of the least-squares line and parabola
/// through an odd number of frames (Savitzky and Golay, 1964). At both ends the outermost fit holds, whose derivative is
/// constant; so does SciPy's `savgol_filter` with `mode="interp"`, which librosa's `delta` calls.
///
/// A clip of fewer frames than the fit spans, which librosa refuses, is fitted over as many as it has (an odd number); a single
/// frame has no slope, and a parabola needs three.
struct SlopeWriter {
  private let rows: Int
  private let frames: Int
  /// Frames on each side of the one whose slope is fitted.
  private let reach: Int
  /// `[order, 2 reach + 1]`
  private let weights: [[Float]]
  /// The last `2 reach + 1` frames, `[rows]` each; frame `t` stands at `t mod (2 reach + 1)`.
  private var history: [[Float]]
  /// `[order · rows]`: the derivatives of the last fit.
  private var slopes: [Float]
  private var pushed = 0

  init(rows: Int, order: Int, width: Int, frames: Int) {
    self.rows = rows
    self.frames = frames
    let reach = (min(width, frames) - 1) / 2
    self.reach = reach
    weights = (0..<order).map { Self.weights(order: $0 + 1, reach: reach) }
    history = [[Float]](repeating: [Float](repeating: 0, count: rows), count: 2 * reach + 1)
    slopes = [Float](repeating: 0, count: order * rows)
  }

  /// Takes the next `columns` frames, `[rows, 16]`, and writes the frames whose slopes are then known.
  mutating func push(_ group: UnsafePointer<Float>, columns: Int, into writer: inout MapWriter) throws {
    let width = FeatureKernels.framesPerGroup
    for column in 0..<columns {
      let place = pushed % history.count
      for row in 0..<rows { history[place][row] = group[row * width + column] }
      pushed += 1
      guard pushed >= history.count else { continue }
      fit()
      let middle = pushed - 1 - reach
      for frame in (middle == reach ? 0 : middle)...middle { try write(frame, into: &writer) }
    }
  }

  /// Writes the last frames.
  mutating func finish(into writer: inout MapWriter) throws {
    for frame in (frames - reach)..<frames { try write(frame, into: &writer) }
  }

  private mutating func fit() {
    for (order, weights) in weights.enumerated() {
      for row in 0..<rows { slopes[order * rows + row] = 0 }
      for (index, weight) in weights.enumerated() {
        // The oldest frame stands where the next one will go.
        let frame = history[(pushed + index) % history.count]
        for row in 0..<rows { slopes[order * rows + row] += weight * frame[row] }
      }
    }
  }

  private func write(_ frame: Int, into writer: inout MapWriter) throws {
    let values = history[frame % history.count]
    try writer.columns(1) { target, rowStride in
      for row in 0..<rows { target[row * rowStride] = values[row] }
      for row in 0..<slopes.count { target[(rows + row) * rowStride] = slopes[row] }
    }
  }

  /// With k from -reach to reach: k / Σk² for the line, and 2 c / Σc² with c = k² - mean k² for the parabola.
  static func weights(order: Int, reach: Int) -> [Float] {
    let k = (-reach...reach).map { Double($0) }
    let mean = k.reduce(0) { $0 + $1 * $1 } / Double(k.count)
    let shape = order == 1 ? k : k.map { $0 * $0 - mean }
    let energy = shape.reduce(0) { $0 + $1 * $1 }
    guard energy > 0 else { return [Float](repeating: 0, count: k.count) }
    return shape.map { Float((order == 1 ? 1 : 2) * $0 / energy) }
  }
}
