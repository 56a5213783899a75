import MtagCore

/// Renders notes to mono samples; each voice is in its own function, every one a few lines of textbook synthesis.
struct Synthesizer {
  let sampleRateHz: Int
  private(set) var samples: [Float]
  private var noise: NoiseSource

  init(sampleRateHz: Int, sampleCount: Int, seed: UInt64) {
    self.sampleRateHz = sampleRateHz
    samples = [Float](repeating: 0, count: sampleCount)
    noise = NoiseSource(state: seed)
  }

  /// Adds a note; what would sound past the end is cut.
  mutating func play(_ note: Note) {
    let start = Int(note.startSeconds * Double(sampleRateHz))
    let available = samples.count - start
    guard start >= 0, available > 0 else { return }
    let length = min(available, Int((note.durationSeconds + Self.releaseSeconds) * Double(sampleRateHz)))
    let held = min(length, Int(note.durationSeconds * Double(sampleRateHz)))
    let frequency = Float(PortableMath.frequencyHz(key: note.key)) / Float(sampleRateHz)
    // The samples leave their place while voices draw noise from this value.
    var sounding: [Float] = []
    swap(&samples, &sounding)
    sounding.withUnsafeMutableBufferPointer { buffer in
      let target = UnsafeMutableBufferPointer(rebasing: buffer[start..<(start + length)])
      switch note.voice {
      case .plucked: pluck(target, frequency: frequency, level: note.velocity * 0.5)
      case .bowed: bow(target, held: held, frequency: frequency, level: note.velocity * 0.2)
      case .organ: organ(target, held: held, frequency: frequency, level: note.velocity * 0.14)
      case .bell: bell(target, frequency: frequency, level: note.velocity * 0.3)
      case .bass: bass(target, held: held, frequency: frequency, level: note.velocity * 0.4)
      case .drum: drum(target, key: note.key, level: note.velocity * 0.5)
      case .pad: pad(target, held: held, frequency: frequency, level: note.velocity * 0.07)
      }
    }
    swap(&samples, &sounding)
  }

  /// Colours the whole clip: a one-pole low pass, then background noise at a level.
  mutating func colour(cutoffHz: Double, noiseLevel: Float) {
    // e^(-2π f / rate), as a power of two.
    let keep = PortableMath.powerOfTwo(-cutoffHz / Double(sampleRateHz) * 9.064_720_283_654_388)
    let share = Float(1 - keep)
    var state: Float = 0
    for index in samples.indices {
      state += share * (samples[index] - state)
      samples[index] = state + noiseLevel * noise.next()
    }
  }

  /// Scales the clip so that its largest sample has a level, at most 1. A silent clip stays silent.
  mutating func scale(peak: Float) {
    let largest = samples.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return }
    for index in samples.indices { samples[index] *= peak / largest }
  }

  // MARK: - Voices

  private static let releaseSeconds = 0.12

  private typealias Target = UnsafeMutableBufferPointer<Float>

  /// Karplus and Strong's string: noise that goes round a delay line and loses its high parts on every turn.
  private mutating func pluck(_ target: Target, frequency: Float, level: Float) {
    let period = max(2, 1 / frequency - 0.5)
    let length = Int(period) + 1
    let fraction = period - Float(length - 1)
    var line = (0..<length).map { _ in noise.next() }
    // Without the mean, which would ring on as an offset.
    let mean = line.reduce(0, +) / Float(length)
    for index in line.indices { line[index] -= mean }
    var previous: Float = 0
    var position = 0
    // Low strings ring longer per turn; high ones would die at once at the same loss.
    let loss = Float(
      PortableMath.decayFactor(seconds: 2.2, sampleRateHz: Int(max(1, Float(sampleRateHz) * frequency))))
    for index in target.indices {
      let next = position + 1 == length ? 0 : position + 1
      // Between the two oldest samples lies the one that is a whole period old.
      let delayed = line[next] + fraction * (line[position] - line[next])
      target[index] += level * delayed
      line[position] = loss * 0.5 * (delayed + previous)
      previous = delayed
      position = next
    }
  }

  /// Eight harmonics like a sawtooth's, a slow attack and a vibrato that sets in late.
  private func bow(_ target: Target, held: Int, frequency: Float, level: Float) {
    let rate = Float(sampleRateHz)
    let envelope = Envelope(attack: 0.09 * rate, held: Float(held), release: 0.1 * rate)
    var phase: Float = 0
    for index in target.indices {
      let time = Float(index)
      let depth = min(1, time / (0.3 * rate)) * 0.006
      phase += frequency * (1 + depth * PortableMath.sine(turns: time * 5.5 / rate))
      phase -= phase.rounded(.down)
      var sum: Float = 0
      for harmonic in 1...8 where Float(harmonic) * frequency < 0.45 {
        sum += PortableMath.sine(turns: phase * Float(harmonic)) / Float(harmonic)
      }
      target[index] += level * envelope.value(time) * sum
    }
  }

  /// Drawbars at 1, 2, 3, 4, 6 and 8 times the pitch, with a slow tremolo.
  private func organ(_ target: Target, held: Int, frequency: Float, level: Float) {
    let rate = Float(sampleRateHz)
    let envelope = Envelope(attack: 0.008 * rate, held: Float(held), release: 0.02 * rate)
    let drawbars: [(ratio: Float, level: Float)] = [
      (1, 1), (2, 0.8), (3, 0.6), (4, 0.5), (6, 0.35), (8, 0.3),
    ]
    for index in target.indices {
      let time = Float(index)
      let phase = time * frequency
      var sum: Float = 0
      for bar in drawbars where bar.ratio * frequency < 0.45 {
        sum += bar.level * PortableMath.sine(turns: phase * bar.ratio)
      }
      let tremolo = 1 + 0.12 * PortableMath.sine(turns: time * 6.5 / rate)
      target[index] += level * envelope.value(time) * tremolo * sum
    }
  }

  /// Frequency modulation at a ratio that is no whole number, falling away in loudness and brightness.
  private func bell(_ target: Target, frequency: Float, level: Float) {
    let decay = PortableMath.decayFactor(seconds: 2.4, sampleRateHz: sampleRateHz)
    let dulling = PortableMath.decayFactor(seconds: 1.2, sampleRateHz: sampleRateHz)
    var (amplitude, brightness): (Float, Float) = (level, 0.55)
    for index in target.indices {
      let phase = Float(index) * frequency
      let modulation = brightness * PortableMath.sine(turns: phase * 3.53)
      target[index] += amplitude * PortableMath.sine(turns: phase + modulation)
      amplitude *= decay
      brightness *= dulling
    }
  }

  /// A few low harmonics, quickly damped.
  private func bass(_ target: Target, held: Int, frequency: Float, level: Float) {
    let rate = Float(sampleRateHz)
    let envelope = Envelope(attack: 0.005 * rate, held: Float(held), release: 0.05 * rate)
    let decay = PortableMath.decayFactor(seconds: 1.6, sampleRateHz: sampleRateHz)
    var amplitude = level
    for index in target.indices {
      let phase = Float(index) * frequency
      let sum =
        PortableMath.sine(turns: phase) + 0.5 * PortableMath.sine(turns: 2 * phase)
        + 0.25 * PortableMath.sine(turns: 3 * phase)
      target[index] += amplitude * envelope.value(Float(index)) * sum
      amplitude *= decay
    }
  }

  /// A falling sine (kick), noise with a tone (snare) or the high part of noise (hat).
  private mutating func drum(_ target: Target, key: Double, level: Float) {
    let rate = Float(sampleRateHz)
    let seconds = key == DrumKey.kick ? 0.45 : key == DrumKey.snare ? 0.3 : 0.12
    let decay = PortableMath.decayFactor(seconds: seconds, sampleRateHz: sampleRateHz)
    var amplitude = level
    var phase: Float = 0
    var previous: Float = 0
    for index in target.indices {
      let hiss = noise.next()
      switch key {
      case DrumKey.kick:
        phase += (48 + 130 * max(0, 1 - Float(index) / (0.05 * rate))) / rate
        target[index] += 1.4 * amplitude * PortableMath.sine(turns: phase)
      case DrumKey.snare:
        phase += 190 / rate
        target[index] += amplitude * (0.55 * hiss + 0.4 * PortableMath.sine(turns: phase))
      default:
        target[index] += 0.35 * amplitude * (hiss - previous)
        previous = hiss
      }
      amplitude *= decay
    }
  }

  /// Two slightly detuned tones of four harmonics whose upper ones come and go slowly.
  private func pad(_ target: Target, held: Int, frequency: Float, level: Float) {
    let rate = Float(sampleRateHz)
    let envelope = Envelope(attack: 0.45 * rate, held: Float(held), release: 0.12 * rate)
    for index in target.indices {
      let time = Float(index)
      let opening = 0.5 + 0.4 * PortableMath.sine(turns: time * 0.31 / rate)
      var sum: Float = 0
      for detune: Float in [0.997, 1.003] {
        let phase = time * frequency * detune
        sum += PortableMath.sine(turns: phase)
        sum +=
          opening * (0.6 * PortableMath.sine(turns: 2 * phase) + 0.4 * PortableMath.sine(turns: 3 * phase))
      }
      target[index] += level * envelope.value(time) * sum
    }
  }
}

/// A straight rise, a plateau, a straight fall; all times in samples.
private struct Envelope {
  let attack: Float
  let held: Float
  let release: Float

  @inline(__always)
  func value(_ time: Float) -> Float {
    time < held ? min(1, time / attack) : max(0, 1 - (time - held) / release) * min(1, held / attack)
  }
}

/// White noise, uniform in [-1, 1): a linear congruential generator with Knuth's MMIX constants.
struct NoiseSource {
  var state: UInt64

  @inline(__always)
  mutating func next() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31
  }
}
