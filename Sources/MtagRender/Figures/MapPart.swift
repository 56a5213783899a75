import MtagCore

/// Rows of a map that share a vertical axis and a range of colours: all of them, or one of its groups.
struct MapPart {
  /// The bands of the map.
  let rows: Range<Int>
  /// What they are; empty if the map is a single part.
  let name: String
  /// What a row stands for; never groups.
  let meaning: MapAxes.Bands
  let scale: BandScale
  let range: ValueRange

  /// The parts of a map, in the order of its bands; at least one.
  /// - Throws: `MtagError`: badData if a value is not finite, usage if the wanted range does not rise, internalFault if axes and
  ///   map do not fit.
  static func parts(
    of map: FeatureMap, axes: MapAxes, wanted: (low: Float, high: Float)?, path: String
  ) throws -> [MapPart] {
    func part(_ rows: Range<Int>, _ name: String, _ meaning: MapAxes.Bands) throws -> MapPart {
      let scale = try BandScale(meaning, bands: rows.count)
      let range = try ValueRange(
        map, rows: rows, meaning: meaning, unit: axes.valueUnit, scale: scale, wanted: wanted, path: path)
      return MapPart(rows: rows, name: name, meaning: meaning, scale: scale, range: range)
    }
    guard case .groups(let name, let groups) = axes.bands else {
      return [try part(0..<map.bands, "", axes.bands)]
    }
    guard groups.allSatisfy({ $0.rows > 0 }), groups.reduce(0, { $0 + $1.rows }) == map.bands else {
      throw MtagError(
        .internalFault, "a map of \(map.bands) bands has groups of \(groups.map(\.rows)) rows")
    }
    var start = 0
    return try groups.map { group in
      defer { start += group.rows }
      return try part(
        start..<start + group.rows, PlainText.line(group.name), .index(name: name, first: group.first))
    }
  }
}
