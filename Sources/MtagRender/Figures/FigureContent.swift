import MtagCore

/// What a figure has to say, before it is known where.
struct FigureContent {
  /// Bands, or amplitudes of a waveform.
  private let bands: BandTicks
  let times: TimeTicks
  let range: ValueRange
  private let axes: MapAxes
  let channels: Int

  init(_ map: FeatureMap, axes: MapAxes, range: ValueRange, scale: BandScale) {
    bands = BandTicks(meaning: axes.bands, scale: scale)
    let start = axes.firstFrameSeconds - axes.secondsPerFrame / 2
    times = TimeTicks(start: start, end: start + axes.secondsPerFrame * Double(map.frames))
    self.range = range
    self.axes = axes
    channels = map.channels
  }

  /// Whether values are colours; a waveform has them as heights.
  var hasBar: Bool { axes.bands != .amplitude }

  var hasNames: Bool { !axes.channelNames.isEmpty }

  func channelName(_ channel: Int) -> String {
    axes.channelNames.indices.contains(channel) ? PlainText.line(axes.channelNames[channel]) : ""
  }

  var bandCaption: String { PlainText.line(bands.caption) }

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

  /// Marks of a panel's vertical axis.
  func bandTicks(height: Double, lineHeight: Double) -> [Tick] {
    guard !hasBar else { return bands.ticks(height: height, lineHeight: lineHeight) }
    let ends = Self.amplitudeEnds(range)
    return Self.ticks(from: ends.low, to: ends.high, length: height, lineHeight: 2 * lineHeight)
  }

  /// Marks of the colour bar.
  func valueTicks(length: Double, lineHeight: Double) -> [Tick] {
    guard hasBar else { return [] }
    guard range.low < range.high else { return [Tick(share: 0.5, text: RoundSteps.brief(Double(range.low)))] }
    return Self.ticks(
      from: Double(range.low), to: Double(range.high), length: length, lineHeight: 2.2 * lineHeight)
  }

  private static func ticks(from low: Double, to high: Double, length: Double, lineHeight: Double) -> [Tick] {
    let step = RoundSteps.step(atLeast: max((high - low) * lineHeight / max(length, 1), (high - low) / 500))
    return RoundSteps.multiples(of: step, from: low, to: high).map {
      Tick(share: ($0 - low) / (high - low), text: RoundSteps.text($0, step: step))
    }
  }
}
