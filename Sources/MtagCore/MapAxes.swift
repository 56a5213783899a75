/// What the rows, columns and values of a feature map mean, for pictures and people.
public struct MapAxes: Sendable, Hashable {
  /// What a row stands for; band 0 is the lowest row.
  public enum Bands: Sendable, Hashable {
    /// A frequency: the centre of each band in Hz, rising.
    case frequency(centresHz: [Float])
    /// A musical pitch: the MIDI note number of each band (69 is a' = 440 Hz), rising; may lie between semitones.
    case pitch(midiNotes: [Float])
    /// A pitch class; band 0 is C, the bands divide the octave evenly.
    case pitchClass(count: Int)
    /// A tempo: beats per minute of each band; may fall from row to row, and row 0 (lag 0) may be infinite.
    case tempo(beatsPerMinute: [Float])
    /// A range of frequencies: band `b` reaches from `edgesHz[b]` to `edgesHz[b + 1]`, rising.
    case frequencyRange(edgesHz: [Float])
    /// A number with a name in the singular whose plural ends in s, such as "coefficient"; counted from `first`.
    case index(name: String, first: Int)
    /// Groups of rows that are alike among themselves but not with each other, such as coefficients and their slopes: each
    /// counts its rows anew and is drawn with colours of its own. They follow each other from band 0 on.
    /// - Parameter name: what is counted, as for `index`.
    case groups(name: String, [RowGroup])
    /// The only row is a waveform: its values are amplitudes, full scale ±1.
    case amplitude
  }

  /// Neighbouring rows of one kind.
  public struct RowGroup: Sendable, Hashable {
    /// What they are, such as "MFCC" or "ΔMFCC".
    public let name: String
    /// How many rows there are.
    public let rows: Int
    /// The number of the first.
    public let first: Int

    /// Describes a group.
    public init(name: String, rows: Int, first: Int = 0) {
      self.name = name
      self.rows = rows
      self.first = first
    }
  }

  /// The rows.
  public var bands: Bands
  /// Seconds from one frame to the next.
  public var secondsPerFrame: Double
  /// The time, in seconds, that the middle of frame 0 stands for.
  public var firstFrameSeconds: Double
  /// The unit of the values, such as "dB"; empty if they have none.
  public var valueUnit: String
  /// What the values are, such as "power", "log energy", "PCEN".
  public var valueName: String
  /// Names of the channels, such as "1st harmonic"; one entry per channel, empty if there is a single, nameless one.
  public var channelNames: [String]

  /// Describes a map.
  public init(
    bands: Bands, secondsPerFrame: Double, firstFrameSeconds: Double, valueUnit: String, valueName: String,
    channelNames: [String] = []
  ) {
    self.bands = bands
    self.secondsPerFrame = secondsPerFrame
    self.firstFrameSeconds = firstFrameSeconds
    self.valueUnit = valueUnit
    self.valueName = valueName
    self.channelNames = channelNames
  }
}
