import Foundation
import MtagAudio
import MtagCore
import Testing

@Suite struct DecodingTests {
  /// The largest error that an encoding may make on a sine of half scale, and how many frames it may add or drop.
  /// For PCM that is one step: libsndfile scales by 32767 when it writes and by 32768 when it reads.
  private static let losses: [(SoundWriter.Encoding, error: Float, frames: Int)] = [
    (.wav16, 3.06e-5, 0), (.wav24, 1.2e-7, 0), (.wavFloat, 0, 0), (.wavIMA, 0.05, 1500),
    (.aiff16, 3.06e-5, 0),
    (.au16, 3.06e-5, 0), (.cafALAC, 3.06e-5, 0), (.w64, 3.06e-5, 0), (.flac, 3.06e-5, 0), (.vorbis, 0.05, 0),
  ]

  @Test("Every encoding gives back the tone that was written, in mono at its own rate", arguments: losses)
  func decodes(encoding: SoundWriter.Encoding, error: Float, frames: Int) throws {
    let scratch = try ScratchFolder()
    let path = try scratch.tone(encoding, frames: 20_000, channels: 2)
    let clip = try AudioFile.load(path, sampleRateHz: nil)
    #expect(clip.sampleRateHz == 44100)
    #expect(abs(clip.samples.count - 20_000) <= frames)
    #expect(clip.warnings.isEmpty)
    let tone = ScratchFolder.sine(frames: 20_000, rate: 44100)
    // ADPCM starts with its smallest step and needs some samples to follow the tone.
    let largest = zip(clip.samples, tone).dropFirst(100).map { abs($0 - $1) }.max()
    #expect(try #require(largest) <= error)
  }

  @Test("MP3 and Opus keep the length and the level of a tone", arguments: [SoundWriter.Encoding.mp3, .opus])
  func keepsLevel(encoding: SoundWriter.Encoding) throws {
    let scratch = try ScratchFolder()
    let clip = try AudioFile.load(scratch.tone(encoding, frames: 48_000, rate: 48000), sampleRateHz: 48000)
    #expect(abs(clip.durationSeconds - 1) < 0.06)
    let middle = clip.samples[10_000..<38_000]
    let power = middle.reduce(0) { $0 + Double($1 * $1) } / Double(middle.count)
    #expect(abs(power.squareRoot() - 0.5 / 2.0.squareRoot()) < 0.01)
  }

  @Test(
    "Mono is the mean of the channels, to the bit as NumPy computes it", arguments: [2, 3, 8, 13, 32, 200])
  func mixes(channels: Int) throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("channels.wav")
    let source = try AudioVectors.load("channels-\(channels)")
    try SoundWriter.write(source, channels: channels, sampleRateHz: 22050, as: .wavFloat, to: path)
    #expect(try AudioFile.info(path).channels == channels)
    #expect(try AudioFile.load(path, sampleRateHz: nil).samples == AudioVectors.load("mono-\(channels)"))
  }

  @Test("A file of many blocks reads the same as in one piece, and no block holds the whole file")
  func readsInBlocks() throws {
    let scratch = try ScratchFolder()
    let frames = 700_000
    let reader = try AudioReader(path: scratch.tone(.wavFloat, frames: frames), sampleRateHz: nil)
    #expect(reader.info.frames == frames)
    var blocks: [[Float]] = []
    while case let block = try reader.nextBlock(), !block.isEmpty { blocks.append(block) }
    #expect(blocks.count > 4)
    #expect(blocks.allSatisfy { $0.count < frames / 3 })
    #expect(blocks.flatMap { $0 } == ScratchFolder.sine(frames: frames, rate: 44100))
    #expect(try reader.nextBlock().isEmpty)
  }

  @Test(
    "Lent blocks hold what copied blocks hold, at the file's rate and at others",
    arguments: [nil, 22050, 192_000])
  func lendsBlocks(rate: Int?) throws {
    let scratch = try ScratchFolder()
    let path = try scratch.tone(.wavFloat, frames: 200_000, channels: 2)
    let copying = try AudioReader(path: path, sampleRateHz: rate)
    var copied: [Float] = []
    while case let block = try copying.nextBlock(), !block.isEmpty { copied += block }
    let lending = try AudioReader(path: path, sampleRateHz: rate)
    var lent: [Float] = []
    while try lending.withNextBlock({ lent += $0 }) {}
    #expect(lent == copied)
    #expect(try !lending.withNextBlock { _ in Issue.record("a block after the last") })
    #expect(lending.times.decoding > .zero && lending.times.converting > .zero)
  }

  @Test(
    "An ID3 tag in front, or two, changes no sample",
    arguments: [SoundWriter.Encoding.wav16, .aiff16, .flac, .mp3],
    [[300], [70_000], [300, 1000]])
  func skipsTags(encoding: SoundWriter.Encoding, tags: [Int]) throws {
    let scratch = try ScratchFolder()
    let plain = try scratch.tone(encoding, frames: 100_000, channels: 2)
    // An empty tag of that size: "ID3", version 3, flags, four times seven bits (id3.org, ID3v2.3).
    var front: [UInt8] = []
    for size in tags {
      front += Array("ID3".utf8) + [3, 0, 0]
      for shift in [21, 14, 7, 0] { front.append(UInt8(size >> shift & 127)) }
      front += [UInt8](repeating: 0, count: size)
    }
    let bytes = front + [UInt8](try Data(contentsOf: URL(fileURLWithPath: plain)))
    let tagged = try scratch.write(bytes, as: "tagged.\(plain.split(separator: ".").last ?? "")")
    let clip = try AudioFile.load(tagged, sampleRateHz: nil)
    #expect(try clip.samples == AudioFile.load(plain, sampleRateHz: nil).samples)
    #expect(clip.warnings.isEmpty)
  }

  @Test("A name can say what the bytes do not: an MP3 behind rubbish, headerless VOX")
  func readsByName() throws {
    let scratch = try ScratchFolder()
    let mp3 = try scratch.tone(.mp3, frames: 100_000, channels: 2)
    let bytes = [UInt8](repeating: 0, count: 500) + [UInt8](try Data(contentsOf: URL(fileURLWithPath: mp3)))
    let late = try AudioFile.load(scratch.write(bytes, as: "late.mp3"), sampleRateHz: nil)
    #expect(try late.samples == AudioFile.load(mp3, sampleRateHz: nil).samples)
    let vox = try scratch.write((0..<4000).map { UInt8(truncatingIfNeeded: $0 * 7) }, as: "raw.vox")
    #expect(try AudioFile.load(vox, sampleRateHz: nil).samples.count == 8000)
  }

  @Test("The header's facts are told without decoding")
  func tellsHeader() throws {
    let scratch = try ScratchFolder()
    let info = try AudioFile.info(scratch.tone(.flac, frames: 24_000, channels: 2, rate: 48000))
    #expect(info.sampleRateHz == 48000 && info.channels == 2 && info.frames == 24_000)
    #expect(info.durationSeconds == 0.5)
    #expect(info.format.contains("FLAC") && info.format.contains("16 bit"))
  }

  @Test("Readers on eight threads at once give what one gives, and each error names its own file")
  func readsConcurrently() async throws {
    let scratch = try ScratchFolder()
    let good = try scratch.tone(.flac, frames: 30_000)
    let expected = try AudioFile.load(good, sampleRateHz: 22050).samples
    let bad = try (0..<8).map { try scratch.write([1, 2, 3, UInt8($0)], as: "bad-\($0).wav") }
    await withTaskGroup(of: Bool.self) { group in
      for path in bad {
        group.addTask {
          let isSame = (try? AudioFile.load(good, sampleRateHz: 22050).samples) == expected
          do { _ = try AudioFile.load(path, sampleRateHz: 22050) } catch {
            return isSame && "\(error)".contains(path)
          }
          return false
        }
      }
      for await isRight in group { #expect(isRight) }
    }
  }

  @Test("Extensions for walking folders are lower case and cover what the writer writes")
  func listsExtensions() {
    #expect(
      AudioFile.extensions.isSuperset(of: ["wav", "aiff", "au", "flac", "ogg", "opus", "mp3", "caf", "w64"]))
    #expect(AudioFile.extensions.allSatisfy { $0 == $0.lowercased() && !$0.contains(".") })
  }
}
