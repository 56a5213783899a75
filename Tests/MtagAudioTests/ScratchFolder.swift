import Foundation
import MtagAudio
import MtagCore

/// A folder for one test, removed when its owner goes.
final class ScratchFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/mtag-audio-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  func write(_ bytes: [UInt8], as name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// The first `count` bytes of a file under another name.
  func cut(_ path: String, to count: Int, as name: String) throws -> String {
    try write([UInt8](try Data(contentsOf: URL(fileURLWithPath: path)).prefix(count)), as: name)
  }

  /// A file of `frames` frames of a sine of 440 Hz at half scale on every channel.
  func tone(_ encoding: SoundWriter.Encoding, frames: Int, channels: Int = 1, rate: Int = 44100) throws
    -> String
  {
    let samples = ScratchFolder.sine(frames: frames, rate: rate).flatMap {
      [Float](repeating: $0, count: channels)
    }
    let path = file("tone-\(encoding)-\(frames)-\(channels)-\(rate).\(Self.extensions[encoding] ?? "wav")")
    try SoundWriter.write(samples, channels: channels, sampleRateHz: rate, as: encoding, to: path)
    return path
  }

  /// A mono file of white noise, which no codec packs tightly.
  func noise(_ encoding: SoundWriter.Encoding, frames: Int, rate: Int) throws -> String {
    var random = RandomGenerator(seed: 1)
    let samples = (0..<frames).map { _ in Float.random(in: -0.4...0.4, using: &random) }
    let path = file("noise.\(Self.extensions[encoding] ?? "wav")")
    try SoundWriter.write(samples, channels: 1, sampleRateHz: rate, as: encoding, to: path)
    return path
  }

  static func sine(frames: Int, rate: Int) -> [Float] {
    (0..<frames).map { 0.5 * Float(sin(2 * Double.pi * 440 * Double($0) / Double(rate))) }
  }

  private static let extensions: [SoundWriter.Encoding: String] = [
    .aiff16: "aiff", .au16: "au", .cafALAC: "caf", .w64: "w64", .flac: "flac", .vorbis: "ogg", .opus: "opus",
    .mp3: "mp3",
  ]
}
