import MtagAudio

/// A sound file's samples at the rate of the tests' extractor.
enum AudioSamples {
  static func load(_ path: String) throws -> [Float] { try AudioFile.load(path, sampleRateHz: 8000).samples }
}
