import Foundation
import MtagCore
import MtagFeatures

/// A map's values in dB, whatever law its spec has: what a change of the law is worth can then be said in dB too.
///
/// A natural logarithm of power is multiplied by 10 / ln 10, a common one by 10 (by twice that for magnitudes), a linear value
/// becomes 10 log10 of itself (20 log10), not below 1e-10; a standardisation in the spec is undone.
struct LevelsInDecibels {
  private let map: FeatureMap
  private let axes: MapAxes
  private let level: FeatureSpec.Level
  private let perDecade: Float
  /// Where each band lies: its frequency in Hz, or its number.
  private let positions: [Float]
  /// Whether there is nothing between two bands: a coefficient and a slope have no mean.
  private let isDiscrete: Bool
  /// From the first row of a group to that of the next, as positions: more than a group has rows.
  private static let groupStride = 65_536

  init(_ map: FeatureMap, _ extractor: any FeatureExtractor) {
    self.map = map
    axes = extractor.axes
    level = extractor.spec.level
    perDecade = 20 / extractor.spec.magnitudeExponent
    switch axes.bands {
    case .frequency(let hertz) where hertz.count == map.bands: positions = hertz
    case .pitch(let notes) where notes.count == map.bands: positions = notes
    case .groups(_, let groups):
      positions = groups.enumerated().flatMap { group in
        (0..<group.element.rows).map { Float(group.offset * Self.groupStride + group.element.first + $0) }
      }
    case .index(_, let first): positions = (0..<map.bands).map { Float(first + $0) }
    default: positions = (0..<map.bands).map { Float($0) }
    }
    isDiscrete =
      switch axes.bands {
      case .index, .groups: true
      default: false
      }
  }

  /// How far another map of the same clip lies from this one. Frames and bands of the coarser map are compared with the
  /// values of the finer one in between; bands beyond the other map's range are left out.
  func distance(to other: LevelsInDecibels) -> MapDistance {
    let times = map.frames <= other.map.frames ? self : other
    let rows = map.bands <= other.map.bands ? self : other
    var (sum, squares, largest, count) = (0.0, 0.0, 0.0, 0.0)
    var (mine, theirs) = ([Float](), [Float]())
    for band in rows.positions.indices
    where covers(rows.positions[band]) && other.covers(rows.positions[band]) {
      for channel in 0..<min(map.channels, other.map.channels) {
        row(at: rows.positions[band], channel: channel, times, into: &mine)
        other.row(at: rows.positions[band], channel: channel, times, into: &theirs)
        for (one, two) in zip(mine, theirs) {
          let difference = Double(two) - Double(one)
          sum += difference
          squares += difference * difference
          largest = max(largest, abs(difference))
          count += 1
        }
      }
    }
    let mean = count > 0 ? sum / count : 0
    let square = count > 0 ? squares / count : 0
    return MapDistance(
      rmsDB: square.squareRoot(), meanDB: mean, shapeDB: max(0, square - mean * mean).squareRoot(),
      largestDB: largest)
  }

  /// Whether a position lies between the lowest and the highest band, or is that of one; else there is nothing to compare.
  private func covers(_ position: Float) -> Bool {
    if isDiscrete { return positions.contains(position) }
    return (positions.first ?? 0) <= position && position <= (positions.last ?? 0)
  }

  /// The levels at a position between bands, at the times of another map's frames.
  private func row(at position: Float, channel: Int, _ times: LevelsInDecibels, into row: inout [Float]) {
    let above = positions.firstIndex { $0 >= position } ?? positions.count - 1
    let below = above > 0 && positions[above] > position ? above - 1 : above
    let gap = positions[above] - positions[below]
    let share = gap > 0 ? min(max((position - positions[below]) / gap, 0), 1) : 0
    let (low, high) = (levels(band: below, channel: channel), levels(band: above, channel: channel))
    row.removeAll(keepingCapacity: true)
    for frame in 0..<times.map.frames {
      let seconds = times.axes.firstFrameSeconds + Double(frame) * times.axes.secondsPerFrame
      let place = Float((seconds - axes.firstFrameSeconds) / axes.secondsPerFrame)
      let one = Self.interpolate(low, at: place)
      row.append(one + share * (Self.interpolate(high, at: place) - one))
    }
  }

  private static func interpolate(_ values: [Float], at place: Float) -> Float {
    let place = min(max(place, 0), Float(values.count - 1))
    let index = min(Int(place), values.count - 1)
    let next = min(index + 1, values.count - 1)
    return values[index] + (place - Float(index)) * (values[next] - values[index])
  }

  private func levels(band: Int, channel: Int) -> [Float] {
    let start = band * map.frames * map.channels
    var row = [Float](repeating: 0, count: map.frames * map.channels)
    row.withUnsafeMutableBufferPointer { map.read(start..<(start + $0.count), into: $0) }
    return (0..<map.frames).map { decibels(row[$0 * map.channels + channel]) }
  }

  private func decibels(_ value: Float) -> Float {
    let plain = value * level.deviation + level.mean
    switch level.function {
    case .decibels: return plain
    case .naturalLogarithm: return plain * perDecade / log(10)
    case .logarithm10: return plain * perDecade
    case .linear: return perDecade * log10(max(plain.magnitude, 1e-10))
    }
  }
}
