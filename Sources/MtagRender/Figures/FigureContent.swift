import MtagCore

/// What a figure has to say, before it is known where.
struct FigureContent {
  let parts: [MapPart]
  let times: TimeTicks
  private let axes: MapAxes
  let channels: Int

  init(_ map: FeatureMap, axes: MapAxes, parts: [MapPart]) {
    self.parts = parts
    let start = axes.firstFrameSeconds - axes.secondsPerFrame / 2
    times = TimeTicks(start: start, end: start + axes.secondsPerFrame * Double(map.frames))
    self.axes = axes
    channels = map.channels
  }

  /// Whether values are colours; a waveform has them as heights.
  var hasBar: Bool { axes.bands != .amplitude }

  var hasNames: Bool { !axes.channelNames.isEmpty || parts.count > 1 }

  /// What stands above a panel: names of its part and its channel.
  func name(_ part: MapPart, channel: Int) -> String {
    let channel =
      axes.channelNames.indices.contains(channel) ? PlainText.line(axes.channelNames[channel]) : ""
    return [part.name, channel].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  var bandCaption: String { PlainText.line(parts.first.map { bands($0).caption } ?? "") }

  /// What the colours mean: the longest that may fit comes first.
  var valueCaptions: [String] {
    let (name, unit) = (PlainText.line(axes.valueName), PlainText.line(axes.valueUnit))
    return (name.isEmpty || unit.isEmpty ? [name, unit] : ["\(name), \(unit)", unit, name]).filter {
      !$0.isEmpty
    }
  }

  /// The values at the lower and the upper end of a waveform's axis: zero is in the middle, unless a range was asked for.
  static func amplitudeEnds(_ range: ValueRange) -> (low: Double, high: Double) {
    if range.isWanted { return (Double(range.low), Double(range.high)) }
    let peak = max(abs(Double(range.low)), abs(Double(range.high)))
    return peak > 0 ? (-1.04 * peak, 1.04 * peak) : (-1, 1)
  }

  /// Marks of the vertical axis of a part's panels.
  func bandTicks(_ part: MapPart, height: Double, lineHeight: Double) -> [Tick] {
    guard !hasBar else { return bands(part).ticks(height: height, lineHeight: lineHeight) }
    let ends = Self.amplitudeEnds(part.range)
    return Self.ticks(from: ends.low, to: ends.high, length: height, lineHeight: 2 * lineHeight)
  }

  /// Marks of a part's colour bar.
  func valueTicks(_ part: MapPart, length: Double, lineHeight: Double) -> [Tick] {
    guard hasBar else { return [] }
    let range = part.range
    guard range.low < range.high else { return [Tick(share: 0.5, text: RoundSteps.brief(Double(range.low)))] }
    func ticks(_ lines: Double) -> [Tick] {
      Self.ticks(
        from: Double(range.low), to: Double(range.high), length: length, lineHeight: lines * lineHeight)
    }
    // A single number says nothing of the other colours: on a short bar they may stand closer.
    let loose = ticks(2.2)
    return loose.count > 2 ? loose : ticks(1.2)
  }

  private func bands(_ part: MapPart) -> BandTicks { BandTicks(meaning: part.meaning, scale: part.scale) }

  private static func ticks(from low: Double, to high: Double, length: Double, lineHeight: Double) -> [Tick] {
    let step = RoundSteps.step(atLeast: max((high - low) * lineHeight / max(length, 1), (high - low) / 500))
    return RoundSteps.multiples(of: step, from: low, to: high).map {
      Tick(share: ($0 - low) / (high - low), text: RoundSteps.text($0, step: step))
    }
  }
}
