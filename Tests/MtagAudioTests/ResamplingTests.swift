import MtagAudio
import MtagCore
import Testing

@Suite struct ResamplingTests {
  @Test(
    "Resampling equals librosa's soxr_hq within 1e-6, in length exactly",
    arguments: [8000, 16000, 44100, 48000])
  func equalsLibrosa(rate: Int) throws {
    let scratch = try ScratchFolder()
    let path = scratch.file("source.wav")
    try SoundWriter.write(
      AudioVectors.load("source-\(rate)"), channels: 1, sampleRateHz: rate, as: .wavFloat, to: path)
    let ours = try AudioFile.load(path, sampleRateHz: 22050).samples
    let theirs = try AudioVectors.load("resampled-\(rate)")
    #expect(ours.count == theirs.count)
    let largest = zip(ours, theirs).map { abs($0 - $1) }.max()
    #expect(try #require(largest) < 1e-6)
  }

  @Test(
    "A clip of n frames becomes ceil(n × ratio) frames, one frame included",
    arguments: [1, 2, 3, 100, 4409, 131_072, 262_145], [8000, 11025, 44100, 48000, 96000])
  func keepsLength(frames: Int, rate: Int) throws {
    let scratch = try ScratchFolder()
    let path = try scratch.tone(.wavFloat, frames: frames, rate: rate)
    let expected = Int((Double(frames) * (22050 / Double(rate))).rounded(.up))
    #expect(try AudioFile.load(path, sampleRateHz: 22050).samples.count == expected)
  }

  @Test("A tone stays the same tone, whatever the rate", arguments: [1000, 192_000])
  func keepsTone(rate: Int) throws {
    let scratch = try ScratchFolder()
    let clip = try AudioFile.load(scratch.tone(.wavFloat, frames: rate, rate: rate), sampleRateHz: 22050)
    #expect(clip.samples.count == 22050)
    let tone = ScratchFolder.sine(frames: 22050, rate: 22050)
    let errors = zip(clip.samples, tone).map { abs($0 - $1) }[2000..<20_000]
    #expect(try #require(errors.max()) < 0.002)
  }

  @Test("A wanted rate that cannot be is a usage error that names it", arguments: [0, -1, 999, 10_000_000])
  func refusesRate(rate: Int) throws {
    let scratch = try ScratchFolder()
    let path = try scratch.tone(.wav16, frames: 100)
    let error = #expect(throws: MtagError.self) { try AudioReader(path: path, sampleRateHz: rate) }
    #expect(error?.kind == .usage)
    #expect(error?.message.contains("\(rate) Hz") == true)
  }
}
