/// How clips of one style are made: all of it ranges and chances, so that clips of a style differ and styles overlap.
///
/// Styles have names of their own: they are no genres of music, and nothing learned from them says anything about music.
struct StarterStyle: Sendable {
  let name: String
  /// Beats a minute.
  let tempo: ClosedRange<Double>
  /// Semitones above the key note.
  let scale: [Int]
  /// The voices that may lead, and how likely each is relative to the others.
  let leads: [(voice: Voice, weight: Double)]
  /// The chance of a second lead.
  let secondLead: Double
  /// The chance that the clip has a bass, drums, a pad.
  let bass: Double
  let drums: Double
  let pad: Double
  /// Sixteen steps to a bar; `x` is likely, `o` is possible, `.` is rare.
  let leadPattern: String
  let bassPattern: String
  let kickPattern: String
  let snarePattern: String
  let hatPattern: String
  /// How late every second step comes, in steps: 0 is even, 0.33 swings.
  let swing: Double
  /// How long lead notes are, in steps.
  let noteSteps: ClosedRange<Double>
  /// The key around which leads move, 69 being 440 Hz.
  let register: Int

  private static let major = [0, 2, 4, 5, 7, 9, 11]
  private static let minor = [0, 2, 3, 5, 7, 8, 10]
  private static let pentatonic = [0, 2, 4, 7, 9]
  private static let sixths = [0, 3, 5, 6, 7, 10]
  private static let wholeTones = [0, 2, 4, 6, 8, 10]
  private static let dorian = [0, 2, 3, 5, 7, 9, 10]

  /// The ten styles.
  static let all: [StarterStyle] = [
    StarterStyle(
      name: "amber", tempo: 84...112, scale: major, leads: [(.plucked, 5), (.organ, 1)], secondLead: 0.3,
      bass: 0.7,
      drums: 0.3, pad: 0.2, leadPattern: "x.ox..x.x.ox..o.", bassPattern: "x.......x.......",
      kickPattern: "x.......x.......", snarePattern: "....x.......x...", hatPattern: "..o...o...o...o.",
      swing: 0,
      noteSteps: 1.5...4, register: 64),
    StarterStyle(
      name: "basalt", tempo: 116...138, scale: minor, leads: [(.organ, 3), (.bell, 1), (.plucked, 1)],
      secondLead: 0.2,
      bass: 0.9, drums: 0.95, pad: 0.4, leadPattern: "..x...x...x...x.", bassPattern: "x.x.x.x.x.x.x.x.",
      kickPattern: "x...x...x...x...", snarePattern: "....o.......o...", hatPattern: "..x...x...x...x.",
      swing: 0,
      noteSteps: 0.5...1.5, register: 66),
    StarterStyle(
      name: "cedar", tempo: 92...126, scale: dorian, leads: [(.bowed, 3), (.plucked, 3)], secondLead: 0.6,
      bass: 0.4,
      drums: 0.25, pad: 0.1, leadPattern: "x.xxx.xxx.xxx.xx", bassPattern: "x...x...x...x...",
      kickPattern: "x.......x.......", snarePattern: "........o.......", hatPattern: "o...o...o...o...",
      swing: 0.2,
      noteSteps: 0.8...2, register: 71),
    StarterStyle(
      name: "drift", tempo: 56...84, scale: pentatonic, leads: [(.bell, 3), (.bowed, 2)], secondLead: 0.2,
      bass: 0.25,
      drums: 0.05, pad: 0.95, leadPattern: "x.....o...o.....", bassPattern: "x...............",
      kickPattern: "x...............", snarePattern: "................", hatPattern: "........o.......",
      swing: 0,
      noteSteps: 4...10, register: 69),
    StarterStyle(
      name: "ember", tempo: 96...132, scale: sixths, leads: [(.organ, 3), (.plucked, 3)], secondLead: 0.4,
      bass: 0.9,
      drums: 0.8, pad: 0.1, leadPattern: "x..xo.x...xo..x.", bassPattern: "x..xx..xx..xx..x",
      kickPattern: "x.......x..x....", snarePattern: "....x.......x...", hatPattern: "x.xxx.xxx.xxx.xx",
      swing: 0.33,
      noteSteps: 1...2.5, register: 62),
    StarterStyle(
      name: "fjord", tempo: 60...92, scale: minor, leads: [(.bowed, 4), (.organ, 1)], secondLead: 0.7,
      bass: 0.35,
      drums: 0.1, pad: 0.5, leadPattern: "x.......x...o...", bassPattern: "x.......x.......",
      kickPattern: "x...............", snarePattern: "................", hatPattern: "................",
      swing: 0,
      noteSteps: 4...8, register: 62),
    StarterStyle(
      name: "glass", tempo: 100...140, scale: wholeTones, leads: [(.bell, 4), (.plucked, 2)], secondLead: 0.5,
      bass: 0.2,
      drums: 0.3, pad: 0.4, leadPattern: "xoxxoxxoxxoxxoxx", bassPattern: "x.....x.....x...",
      kickPattern: "x.....x.....x...", snarePattern: "................", hatPattern: "x..x..x..x..x..x",
      swing: 0,
      noteSteps: 0.8...2, register: 76),
    StarterStyle(
      name: "harbour", tempo: 88...116, scale: major, leads: [(.organ, 2), (.plucked, 2), (.bell, 1)],
      secondLead: 0.4,
      bass: 0.9, drums: 0.9, pad: 0.3, leadPattern: "..x...x...x...x.", bassPattern: "x..x..x...x.x...",
      kickPattern: "........x.......", snarePattern: "........x.......", hatPattern: "x.x.x.x.x.x.x.x.",
      swing: 0.1,
      noteSteps: 0.5...1.2, register: 67),
    StarterStyle(
      name: "iris", tempo: 76...120, scale: pentatonic, leads: [(.plucked, 3), (.bell, 2), (.bowed, 1)],
      secondLead: 0.5, bass: 0.15, drums: 0.15, pad: 0.3, leadPattern: "x..x..x.x..x..x.",
      bassPattern: "x.......o.......",
      kickPattern: "x.....x.........", snarePattern: "................", hatPattern: "....o.......o...",
      swing: 0,
      noteSteps: 1...4, register: 74),
    StarterStyle(
      name: "juniper", tempo: 128...168, scale: dorian, leads: [(.plucked, 2), (.bowed, 2), (.organ, 1)],
      secondLead: 0.3, bass: 0.8, drums: 0.9, pad: 0.1, leadPattern: "x.x.x.x.x.x.x.x.",
      bassPattern: "x...x...x...x...",
      kickPattern: "x.......x.x.....", snarePattern: "....x.......x..o", hatPattern: "x.x.x.x.x.x.x.x.",
      swing: 0,
      noteSteps: 1...2, register: 64),
  ]
}
