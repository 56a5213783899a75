import MtagZoo

/// What `info` says of an architecture above its layer table.
enum ArchitectureText {
  /// The lines.
  static func lines(_ info: ArchitectureInfo) throws -> [String] {
    let row = info.row
    let values = try info.settings.sorted { $0.key < $1.key }.map { "\($0.key)=\(try $0.value.text())" }
    let frames = row.minimumFrames == 1 ? "1 frame" : "\(row.minimumFrames) frames"
    let longest = info.maximumFrames.map { "; longest \($0) frames" } ?? ""
    return [
      "\(info.card.name): \(info.card.summary)", "source: \(info.card.source)",
      "settings: \(values.isEmpty ? "none" : values.joined(separator: " "))",
      "features: \(row.features)"
        + (info.card.features == row.features ? "" : " (made for \(info.card.features))"),
      "chunk: "
        + (info.card.chunkFrames == nil
          ? "of any length; costs are given for 30 s"
          : "\(row.inputFrames) frames, \(seconds(row.inputSeconds))"),
      "shortest input: \(frames), \(shortest(row) == "any" ? "any clip" : "a clip of \(shortest(row))")\(longest)",
      "receptive field: \(field(row))",
      "parameters: \(row.parameters.inMetricUnits); multiply-accumulates: \(row.macs.inMetricUnits), features "
        + "\(row.frontEndMACs.inMetricUnits)",
      "layers for \(row.inputFrames) frames of \(row.features) and 10 labels, [bands×frames×channels]:",
    ]
  }

  /// The shortest clip; `any` where a few samples are enough.
  static func shortest(_ row: Listing.ModelRow) -> String {
    row.minimumSeconds < 0.001 ? "any" : seconds(row.minimumSeconds)
  }

  /// `46 frames, 1.07 s`, or everything.
  static func field(_ row: Listing.ModelRow) -> String {
    guard let frames = row.receptiveFieldFrames, let length = row.receptiveFieldSeconds else { return "all" }
    return "\(frames) \(frames == 1 ? "frame" : "frames"), \(seconds(length))"
  }

  /// Seconds with two digits, or milliseconds for what is shorter than a tenth.
  static func seconds(_ value: Double) -> String {
    value < 0.1
      ? "\(String(rounding: value * 1000, digits: 1)) ms" : "\(String(rounding: value, digits: 2)) s"
  }
}
