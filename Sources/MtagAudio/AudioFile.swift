import MtagCore

/// Sound files as a whole.
public enum AudioFile {
  /// Decodes a file to one channel, resampled if wanted.
  ///
  /// Equals `librosa.load(path, sr: sampleRateHz)` in length and, to rounding, in values (librosa 0.11).
  /// The whole clip is held in memory; use `AudioReader` where blocks will do.
  /// - Parameters:
  ///   - path: any file that libsndfile opens.
  ///   - sampleRateHz: the wanted rate; nil keeps the file's own.
  /// - Throws: `MtagError` naming the file: inputMissing if it is not there, badData if it holds no usable sound.
  public static func load(_ path: String, sampleRateHz: Int?) throws -> AudioClip {
    let reader = try AudioReader(path: path, sampleRateHz: sampleRateHz)
    var samples: [Float] = []
    while try reader.withNextBlock({ samples.append(contentsOf: $0) }) {}
    return AudioClip(samples: samples, sampleRateHz: reader.sampleRateHz, warnings: reader.warnings)
  }

  /// What a file's header says, without decoding it.
  /// - Throws: `MtagError` naming the file, as `load` does for what the header alone can show.
  public static func info(_ path: String) throws -> AudioInfo { try SoundFile(path: path).info }

  /// Extensions of the formats that libsndfile opens, lower case, for walking folders.
  ///
  /// Left out are `mat` and `raw`, which in a folder of music mostly hold something else.
  public static let extensions: Set<String> = [
    "8svx", "aif", "aifc", "aiff", "au", "avr", "bwf", "caf", "flac", "gsm", "htk", "iff", "m1a", "mp1",
    "mp2",
    "mp3", "mpc", "nist", "oga", "ogg", "opus", "paf", "pvf", "rf64", "sd2", "sds", "sf", "snd", "sph", "svx",
    "voc", "vox", "w64", "wav", "wave", "wve", "xi",
  ]

  /// Extensions of common sound formats that cannot be decoded here, lower case: a folder that holds such files is told
  /// so, instead of being shorter without a word.
  public static let foreignExtensions: Set<String> = [
    "aac", "ac3", "adts", "amr", "ape", "dff", "dsf", "m4a", "m4b", "m4p", "mka", "mp4", "mpp", "ofr", "ra",
    "tak", "tta", "webm", "wma", "wv",
  ]
}
