import Foundation
import MtagCore

/// Round values for the vertical axis: Hz, note names, pitch classes, beats per minute, plain numbers.
struct BandTicks {
  let meaning: MapAxes.Bands
  let scale: BandScale

  /// What the numbers are.
  var caption: String {
    switch meaning {
    case .frequency, .frequencyRange: "Hz"
    case .pitch: "note"
    case .pitchClass: "pitch class"
    case .tempo: "BPM"
    case .index(let name, _), .groups(let name, _): name
    case .amplitude: "amplitude"
    }
  }

  private static let noteNames = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"]
  private static let naturals: Set<Int> = [0, 2, 4, 5, 7, 9, 11]

  /// The marks for an axis, lowest first.
  /// - Parameters:
  ///   - height: the length of the axis.
  ///   - lineHeight: the height of one number; marks stand at least a line and a quarter apart.
  func ticks(height: Double, lineHeight: Double) -> [Tick] {
    let distance = 1.25 * lineHeight / max(height, 1)
    let found: [Tick] =
      switch meaning {
      case .frequency(let centres) where centres.count > 1:
        scale.isLinear
          ? rounded(distance: 2 * distance, text: hertz)
          : tiered(distance: 1.6 * distance, decimal, text: hertz)
      case .pitch(let notes) where notes.count > 1: densest(pitchSets, distance: distance)
      case .pitchClass(let count): densest(pitchClassSets(count), distance: distance)
      case .tempo where scale.isResampled: tiered(distance: 1.6 * distance, tempi) { RoundSteps.brief($0) }
      case .frequencyRange(let edges): ranges(edges, distance: distance)
      case .index(_, let first) where scale.bands > 1: counted(first: first, distance: 1.4 * distance)
      default: []
      }
    return found.isEmpty ? [middle].compactMap(\.self) : found
  }

  // MARK: - Kinds

  /// Multiples of one round step.
  private func rounded(distance: Double, text: (Double) -> String) -> [Tick] {
    let (low, high) = scale.ends
    let step = RoundSteps.step(atLeast: (high - low) * distance)
    return RoundSteps.multiples(of: step, from: low, to: high).compactMap { tick($0, text($0)) }
  }

  /// Tier after tier, whatever still has room: for axes that are wide in one place and narrow in another.
  private func tiered(distance: Double, _ tiers: [[Double]], text: (Double) -> String) -> [Tick] {
    var chosen: [Tick] = []
    for (number, tier) in tiers.enumerated() {
      // The last tier fills only what would look empty.
      let room = number < tiers.count - 1 ? distance : 2.2 * distance
      for tick in tier.reversed().compactMap({ tick($0, text($0)) })
      where chosen.allSatisfy({ abs($0.share - tick.share) >= room }) {
        chosen.append(tick)
      }
    }
    return chosen.sorted { $0.share < $1.share }
  }

  private var decimal: [[Double]] {
    let powers = (-1...5).map { pow(10.0, Double($0)) }
    return [[1], [5], [2], [1.5, 3, 4, 7]].map { digits in
      powers.flatMap { power in digits.map { $0 * power } }
    }
  }

  private let tempi: [[Double]] = [
    [15, 30, 60, 120, 240, 480, 960], [20, 40, 80, 160, 320], [25, 50, 70, 100, 140, 200, 280, 400],
  ]

  /// Ever fewer notes: all semitones, naturals, C with E and G, C, every second C, …
  private var pitchSets: [[Tick]] {
    let (low, high) = scale.ends
    guard low.isFinite, high.isFinite, high - low < 1000 else { return [] }
    let notes = Array(Int(low.rounded(.up))...max(Int(high.rounded(.down)), Int(low.rounded(.up))))
    func set(_ isKept: (Int) -> Bool) -> [Tick] {
      notes.filter(isKept).compactMap { tick(Double($0), Self.noteName($0)) }
    }
    func pitchClass(_ note: Int) -> Int { ((note % 12) + 12) % 12 }
    let octaves = [set { pitchClass($0) == 0 }, set { $0 % 24 == 0 }, set { $0 % 48 == 0 }]
    // Every C says enough where there are some; letters between them only make a ruler.
    if octaves[0].count >= 4 { return octaves }
    let letters = [set { _ in true }, set { Self.naturals.contains(pitchClass($0)) }]
    return letters + [set { [0, 4, 7].contains(pitchClass($0)) }] + octaves
  }

  private func pitchClassSets(_ count: Int) -> [[Tick]] {
    guard count >= 12, count % 12 == 0 else { return [counted(first: 0, distance: 0.05)] }
    let perClass = count / 12
    func set(_ classes: [Int]) -> [Tick] {
      classes.map { Tick(share: (Double($0 * perClass) + 0.5) / Double(count), text: Self.noteNames[$0]) }
    }
    return [set(Array(0..<12)), set(Self.naturals.sorted()), set([0, 4, 7]), set([0])]
  }

  /// Whole numbers, one for each band or every so many.
  private func counted(first: Int, distance: Double) -> [Tick] {
    let step = max(RoundSteps.step(atLeast: Double(scale.bands) * distance), 1)
    return RoundSteps.multiples(of: step, from: Double(first), to: Double(first) + Double(scale.bands - 1))
      .map {
        Tick(
          share: ($0 - Double(first) + 0.5) / Double(scale.bands), text: RoundSteps.text($0, step: step))
      }
  }

  /// From where to where each band reaches, or every so many of them.
  private func ranges(_ edges: [Float], distance: Double) -> [Tick] {
    let texts = zip(edges, edges.dropFirst()).map { "\(hertz(Double($0)))–\(hertz(Double($1)))" }
    let step = max(Int((Double(texts.count) * distance).rounded(.up)), 1)
    return stride(from: 0, to: texts.count, by: step).map {
      Tick(share: (Double($0) + 0.5) / Double(texts.count), text: texts[$0])
    }
  }

  // MARK: - Helpers

  /// The value of the middle band, where no round one lies on the axis.
  private var middle: Tick? {
    let band = scale.bands / 2
    let share = (Double(band) + 0.5) / Double(scale.bands)
    switch meaning {
    case .frequency(let centres):
      return centres.indices.contains(band) ? Tick(share: share, text: hertz(Double(centres[band]))) : nil
    case .pitch(let notes):
      guard notes.indices.contains(band), notes[band].isFinite, abs(notes[band]) < 1000 else { return nil }
      return Tick(share: share, text: Self.noteName(Int(notes[band].rounded())))
    case .tempo(let tempi):
      guard tempi.indices.contains(band), tempi[band].isFinite else { return nil }
      return Tick(share: share, text: RoundSteps.brief(Double(tempi[band])))
    case .index(_, let first): return Tick(share: share, text: RoundSteps.text(Double(first + band), step: 1))
    case .pitchClass, .frequencyRange, .groups, .amplitude: return nil
    }
  }

  private func tick(_ value: Double, _ text: String) -> Tick? {
    scale.share(of: value).map { Tick(share: $0, text: text) }
  }

  /// The first set whose marks are far enough apart; the last, if none is.
  private func densest(_ sets: [[Tick]], distance: Double) -> [Tick] {
    let fitting = sets.filter { !$0.isEmpty }.first { set in
      zip(set, set.dropFirst()).allSatisfy { abs($1.share - $0.share) >= distance }
    }
    return fitting ?? sets.last { !$0.isEmpty } ?? []
  }

  /// `440`, `2k`, `1.5k`.
  private func hertz(_ value: Double) -> String {
    abs(value) >= 1000 ? RoundSteps.brief(value / 1000) + "k" : RoundSteps.brief(value)
  }

  /// Scientific pitch notation: note 60 is C4, 69 is A4.
  private static func noteName(_ note: Int) -> String {
    let pitchClass = ((note % 12) + 12) % 12
    return noteNames[pitchClass] + RoundSteps.text(Double((note - pitchClass) / 12 - 1), step: 1)
  }
}
