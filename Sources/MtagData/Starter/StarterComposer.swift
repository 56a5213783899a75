import MtagCore

/// Makes up one clip of a style.
struct StarterComposer {
  private let style: StarterStyle
  private let durationSeconds: Double
  private var generator: RandomGenerator

  init(style: StarterStyle, durationSeconds: Double, generator: RandomGenerator) {
    self.style = style
    self.durationSeconds = durationSeconds
    self.generator = generator
  }

  /// The samples of the clip, and the voices that sound in it.
  mutating func clip(sampleRateHz: Int) -> (samples: [Float], voices: [Voice]) {
    let notes = compose()
    var synthesizer = Synthesizer(
      sampleRateHz: sampleRateHz, sampleCount: Int(durationSeconds * Double(sampleRateHz)),
      seed: generator.next())
    for note in notes { synthesizer.play(note) }
    synthesizer.scale(peak: 1)
    // Every clip has its own room: darker or brighter, quieter or louder, more or less noise.
    let noiseLevel = PortableMath.powerOfTwo(number(-11, -6))
    synthesizer.colour(
      cutoffHz: 1500 * PortableMath.powerOfTwo(number(0, 2.4)), noiseLevel: Float(noiseLevel))
    synthesizer.scale(peak: Float(PortableMath.powerOfTwo(number(-2.5, -0.1))))
    let sounding = Set(notes.map(\.voice))
    return (synthesizer.samples, Voice.allCases.filter(sounding.contains))
  }

  // MARK: - Helpers

  private mutating func number(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * Double(generator.uniform())
  }

  private mutating func happens(_ chance: Double) -> Bool { Double(generator.uniform()) < chance }

  private mutating func compose() -> [Note] {
    let stepSeconds = 60 / number(style.tempo.lowerBound, style.tempo.upperBound) / 4
    let stepCount = Int(durationSeconds / stepSeconds) + 1
    let transposition = Double(generator.index(below: 12)) - 6
    // Clips are cut out of something longer: they begin anywhere in the bar.
    let offset = generator.index(below: 16)
    var notes: [Note] = []
    var leads = [drawLead()]
    if happens(style.secondLead) { leads.append(drawLead()) }
    for (index, voice) in leads.enumerated() {
      let register = Double(style.register) + transposition + (index == 0 ? 0 : -12)
      notes += melody(voice, register: register, offset: offset, steps: stepCount, stepSeconds: stepSeconds)
    }
    if happens(style.bass) {
      notes += bassLine(
        transposition: transposition, offset: offset, steps: stepCount, stepSeconds: stepSeconds)
    }
    if happens(style.drums) { notes += drums(offset: offset, steps: stepCount, stepSeconds: stepSeconds) }
    if happens(style.pad) { notes += chords(transposition: transposition, stepSeconds: stepSeconds) }
    return notes
  }

  private mutating func drawLead() -> Voice {
    var rest = number(0, style.leads.reduce(0) { $0 + $1.weight })
    for lead in style.leads {
      rest -= lead.weight
      if rest < 0 { return lead.voice }
    }
    return style.leads[0].voice
  }

  /// The steps of a pattern that sound in this clip.
  private mutating func onsets(_ pattern: String, offset: Int, steps: Int) -> [Int] {
    let marks = Array(pattern.utf8)
    return (0..<steps).filter { step in
      switch marks[(step + offset) % marks.count] {
      case UInt8(ascii: "x"): happens(0.88)
      case UInt8(ascii: "o"): happens(0.45)
      default: happens(0.04)
      }
    }
  }

  private func seconds(step: Int, offset: Int, stepSeconds: Double) -> Double {
    (Double(step) + ((step + offset) % 2 == 1 ? style.swing : 0)) * stepSeconds
  }

  /// The key of a degree of the scale, counted from the key note and going on through the octaves.
  private func key(degree: Int, root: Double) -> Double {
    let count = style.scale.count
    let octave = Int((Double(degree) / Double(count)).rounded(.down))
    return root + Double(12 * octave + style.scale[degree - octave * count])
  }

  /// A walk along the scale in small steps that stays near its register.
  private mutating func melody(
    _ voice: Voice, register: Double, offset: Int, steps: Int, stepSeconds: Double
  ) -> [Note] {
    var degree = generator.index(below: 5) - 2
    return onsets(style.leadPattern, offset: offset, steps: steps).map { step in
      degree = max(-6, min(8, degree + generator.index(below: 5) - 2))
      let length = number(style.noteSteps.lowerBound, style.noteSteps.upperBound) * stepSeconds
      // Strings and bells ring on after they are struck.
      let ringing = voice == .plucked || voice == .bell ? length + 0.5 : length
      return Note(
        voice: voice, key: key(degree: degree, root: register),
        startSeconds: seconds(step: step, offset: offset, stepSeconds: stepSeconds), durationSeconds: ringing,
        velocity: Float(number(0.5, 1)))
    }
  }

  private mutating func bassLine(transposition: Double, offset: Int, steps: Int, stepSeconds: Double)
    -> [Note]
  {
    onsets(style.bassPattern, offset: offset, steps: steps).map { step in
      let degree = [0, 0, 0, 4, 2, -1][generator.index(below: 6)]
      return Note(
        voice: .bass, key: key(degree: degree, root: 40 + transposition),
        startSeconds: seconds(step: step, offset: offset, stepSeconds: stepSeconds),
        durationSeconds: number(1, 3) * stepSeconds, velocity: Float(number(0.6, 1)))
    }
  }

  private mutating func drums(offset: Int, steps: Int, stepSeconds: Double) -> [Note] {
    let parts = [
      (DrumKey.kick, style.kickPattern), (DrumKey.snare, style.snarePattern), (DrumKey.hat, style.hatPattern),
    ]
    var notes: [Note] = []
    for (key, pattern) in parts {
      for step in onsets(pattern, offset: offset, steps: steps) {
        notes.append(
          Note(
            voice: .drum, key: key,
            startSeconds: seconds(step: step, offset: offset, stepSeconds: stepSeconds),
            durationSeconds: 0.35, velocity: Float(number(0.5, 1))))
      }
    }
    return notes
  }

  /// A chord of three notes for every bar.
  private mutating func chords(transposition: Double, stepSeconds: Double) -> [Note] {
    let barSeconds = 16 * stepSeconds
    var notes: [Note] = []
    for start in stride(from: 0, to: durationSeconds, by: barSeconds) {
      let root = [0, 3, 4, 5][generator.index(below: 4)]
      for degree in [root, root + 2, root + 4] {
        notes.append(
          Note(
            voice: .pad, key: key(degree: degree, root: 52 + transposition), startSeconds: start,
            durationSeconds: barSeconds, velocity: Float(number(0.6, 1))))
      }
    }
    return notes
  }
}
