public import MtagCore

/// Pictures of feature maps: one pixel per frame and band, band 0 at the bottom. Channels stand above each other, channel 0
/// lowest.
public enum SpectrogramImage {
  /// Metadata keys that `write` itself fills: the levels of the darkest and the brightest pixel.
  static let lowKey = "mtag.low"
  static let highKey = "mtag.high"
  /// How many channels there are, if more than one.
  static let channelsKey = "mtag.channels"

  /// Writes a map as a PNG, atomically.
  ///
  /// A value `x` becomes `t = (x - low) / (high - low)`, clipped to 0…1: the colour `round(255 t)` of `ColorMap.ember`,
  /// or the grey `round(65535 t)`. A constant map has `t = 0` everywhere. `low` and `high` stand in the PNG's text as
  /// `mtag.low` and `mtag.high`.
  /// - Parameters:
  ///   - map: `[bands, frames, channels]`, finite values.
  ///   - path: where to write; what was there is replaced.
  ///   - options: colour or grey, and the range of levels.
  ///   - metadata: keys of 1 to 79 Latin-1 characters, and any text: tEXt chunks, or iTXt for what is not Latin-1.
  /// - Throws: `MtagError`: badData for an empty map or values that are not finite, usage for a range or a key that
  ///   cannot be, cannotCreate or inputOutput for the file.
  public static func write(
    _ map: FeatureMap, to path: String, options: RenderOptions, metadata: [(key: String, value: String)]
  ) throws {
    guard map.bands > 0, map.frames > 0, map.channels > 0 else {
      throw MtagError(.badData, "\(path): a map of \(map.bands) bands × \(map.frames) frames has no pixels")
    }
    let rows = map.bands * map.channels
    guard rows <= Int32.max, map.frames <= Int32.max else {
      throw MtagError(
        .badData,
        "\(path): \(rows) × \(map.frames) pixels are more than a PNG holds; render a shorter clip")
    }
    let scale = try LevelScale(map, range: options.range, path: path)
    let isColor = options.depth == .color8
    var encoder = try PNGEncoder(
      path: path, width: map.frames, height: rows, isColor: isColor,
      texts: try texts(metadata, scale, channels: map.channels))
    var row = [UInt8](repeating: 0, count: map.frames * (isColor ? 3 : 2))
    var cells = [Float](repeating: 0, count: map.frames * map.channels)
    // Row by row into the file: a picture of hours is larger than memory should be.
    try AtomicFile.write(to: path) { file in
      for line in (0..<rows).reversed() {
        let (channel, band) = (line / map.bands, line % map.bands)
        cells.withUnsafeMutableBufferPointer {
          map.read(band * $0.count..<(band + 1) * $0.count, into: $0)
        }
        let values =
          map.channels == 1
          ? cells[...] : stride(from: channel, to: cells.count, by: map.channels).map { cells[$0] }[...]
        if isColor { fillColor(&row, values, scale) } else { fillGray(&row, values, scale) }
        try encoder.append(row: row)
        try encoder.takeBytes { try file.append($0) }
      }
      try encoder.finish { try file.append($0) }
    }
  }

  /// Reads a picture that `write` made with `gray16` back into levels.
  ///
  /// Values differ from the written ones by at most `(high - low) / 65535` where those lay in the range.
  /// - Returns: the map `[bands, frames, channels]` and all texts of the PNG.
  /// - Throws: `MtagError` naming the file: inputMissing, or badData if it is damaged, is no 16-bit grey PNG, or has no
  ///   `mtag.low` and `mtag.high`.
  public static func decodeGray16(_ path: String) throws -> (map: FeatureMap, metadata: [String: String]) {
    var decoder = try PNGDecoder(path: path, isColor: false)
    let (bands, frames) = (decoder.height, decoder.width)
    var row = [UInt8](repeating: 0, count: decoder.rowBytes)
    var steps = [UInt16](repeating: 0, count: bands * frames)
    for band in (0..<bands).reversed() {
      try decoder.readRow(into: &row)
      for frame in 0..<frames {
        steps[band * frames + frame] = UInt16(row[2 * frame]) << 8 | UInt16(row[2 * frame + 1])
      }
    }
    let metadata = try decoder.finish()
    guard let low = metadata[lowKey].flatMap(Float.init), let high = metadata[highKey].flatMap(Float.init),
      let scale = LevelScale(low: low, high: high)
    else {
      throw MtagError(
        .badData, "\(path): its texts \(lowKey) and \(highKey) give no range; render it anew with gray16")
    }
    let channels = metadata[channelsKey].flatMap { Int($0) } ?? 1
    guard channels > 0, bands % channels == 0 else {
      throw MtagError(
        .badData, "\(path): \(bands) rows are not those of \(channels) channels; render it anew")
    }
    if channels == 1 {
      return (FeatureMap(bands: bands, frames: frames, values: steps.map(scale.level)), metadata)
    }
    let height = bands / channels
    let values = (0..<steps.count).map { index in
      let (band, cell) = (index / (frames * channels), index % (frames * channels))
      return scale.level(steps[(cell % channels * height + band) * frames + cell / channels])
    }
    return (FeatureMap(bands: height, frames: frames, channels: channels, values: values), metadata)
  }

  // MARK: - Helpers

  private static func texts(
    _ metadata: [(key: String, value: String)], _ scale: LevelScale, channels: Int
  ) throws -> [PNGText] {
    for reserved in [lowKey, highKey, channelsKey] where metadata.contains(where: { $0.key == reserved }) {
      throw MtagError(.usage, "PNG metadata key '\(reserved)' is the picture's own; leave it out")
    }
    let own = [(lowKey, "\(scale.low)"), (highKey, "\(scale.high)")]
    return try (own + (channels > 1 ? [(channelsKey, "\(channels)")] : [])).map {
      try PNGText(key: $0, value: $1)
    }
      + metadata.map { try PNGText(key: $0.key, value: $0.value) }
  }

  private static func fillColor(_ row: inout [UInt8], _ values: ArraySlice<Float>, _ scale: LevelScale) {
    let colors = ColorMap.ember.colors
    for (frame, value) in values.enumerated() {
      let color = colors[Int((scale.share(value) * 255).rounded())]
      row[3 * frame] = color.x
      row[3 * frame + 1] = color.y
      row[3 * frame + 2] = color.z
    }
  }

  private static func fillGray(_ row: inout [UInt8], _ values: ArraySlice<Float>, _ scale: LevelScale) {
    for (frame, value) in values.enumerated() {
      let step = UInt16((scale.share(value) * 65535).rounded())
      row[2 * frame] = UInt8(step >> 8)
      row[2 * frame + 1] = UInt8(step & 0xFF)
    }
  }
}
