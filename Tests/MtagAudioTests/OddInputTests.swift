import Foundation
import MtagAudio
import MtagCore
import Testing

@Suite struct OddInputTests {
  /// Expects a refusal of the right kind that names the file and says `reason`.
  private func expectRefusal(_ path: String, _ kind: MtagError.Kind, _ reason: String) {
    let error = #expect(throws: MtagError.self) { try AudioFile.load(path, sampleRateHz: 22050) }
    #expect(error?.kind == kind)
    #expect(error?.message.contains(path) == true)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "no error")")
    #expect(error?.message.contains("\n") == false)
  }

  @Test("A missing file, a folder and a device are missing input")
  func refusesWhatIsNoFile() throws {
    let scratch = try ScratchFolder()
    expectRefusal(scratch.file("absent.wav"), .inputMissing, "no such file")
    expectRefusal(scratch.path, .inputMissing, "is a folder")
    expectRefusal("/dev/zero", .inputMissing, "not a regular file")
  }

  @Test(
    "Empty files, files that are no sound and files of other programs are bad data, and the error says which")
  func refusesWhatIsNoSound() throws {
    let scratch = try ScratchFolder()
    expectRefusal(try scratch.write([], as: "empty.wav"), .badData, "is empty")
    expectRefusal(try scratch.write(Array("just words".utf8), as: "words.wav"), .badData, "no sound file")
    expectRefusal(try scratch.write(Array("just words, no AU".utf8), as: "words.au"), .badData, "header")
    let mp4 = [0, 0, 0, 24] + Array("ftypM4A isom".utf8)
    expectRefusal(try scratch.write(mp4, as: "song.m4a"), .badData, "MP4")
    expectRefusal(try scratch.write([0x0B, 0x77, 1, 2, 3, 4], as: "film.ac3"), .badData, "AC-3")
    let noise = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) }
    expectRefusal(try scratch.write(noise, as: "noise.mp3"), .badData, "no sound file")
  }

  @Test("A header without samples, and a header that ends too early, are bad data")
  func refusesHeaderAlone() throws {
    let scratch = try ScratchFolder()
    let none = WAVBytes().bytes
    expectRefusal(try scratch.write(none, as: "none.wav"), .badData, "no samples")
    for count in [4, 12, 20, 35, 43] {
      let cut = try scratch.write(Array(none.prefix(count)), as: "cut-\(count).wav")
      let error = #expect(throws: MtagError.self) { try AudioFile.load(cut, sampleRateHz: 22050) }
      #expect(error?.kind == .badData)
    }
  }

  @Test("Rates and channel counts that cannot be are refused")
  func refusesAbsurdHeader() throws {
    let scratch = try ScratchFolder()
    let samples = [Float](repeating: 0.1, count: 4096)
    let slow = WAVBytes(rate: 3, samples: samples).bytes
    expectRefusal(try scratch.write(slow, as: "slow.wav"), .badData, "claims 3 Hz")
    for wav in [
      WAVBytes(rate: 0, samples: samples), WAVBytes(rate: 0x7FFF_FFFF, samples: samples),
      WAVBytes(rate: 0xFFFF_FFFF, samples: samples), WAVBytes(channels: 0, samples: samples),
      WAVBytes(channels: 65535, samples: samples), WAVBytes(bitsPerSample: 0, samples: samples),
    ] {
      let path = try scratch.write(wav.bytes, as: "absurd.wav")
      let error = #expect(throws: MtagError.self) { try AudioFile.load(path, sampleRateHz: 22050) }
      #expect(error?.kind == .badData)
      #expect(error?.message.contains(path) == true)
    }
  }

  @Test(
    "A header that claims gigabytes gives the samples that are there", arguments: [0xFFFF_FFF0, 0x7FFF_FFF0])
  func readsDespiteClaim(claim: UInt32) throws {
    let scratch = try ScratchFolder()
    let samples = ScratchFolder.sine(frames: 3000, rate: 22050)
    let path = try scratch.write(WAVBytes(samples: samples, claimedBytes: claim).bytes, as: "claim.wav")
    let clip = try AudioFile.load(path, sampleRateHz: nil)
    #expect(clip.samples == samples)
    #expect(clip.warnings.contains { $0.contains(path) && $0.contains("claims \(claim) bytes") })
  }

  @Test(
    "A stream of unknown length gives its samples without a warning", arguments: [0xFFFF_FFFF, 0x7FFF_FFFF])
  func readsStream(claim: UInt32) throws {
    let scratch = try ScratchFolder()
    let wav = WAVBytes(samples: [0.25, -0.25, 0.5], claimedBytes: claim)
    let clip = try AudioFile.load(scratch.write(wav.bytes, as: "stream.wav"), sampleRateHz: nil)
    #expect(clip.samples == [0.25, -0.25, 0.5])
    #expect(clip.warnings.isEmpty)
  }

  @Test(
    "A file that was cut gives what decodes, with a warning that names it",
    arguments: [SoundWriter.Encoding.wav16, .aiff16, .au16, .w64, .flac, .vorbis, .opus])
  func readsTruncated(encoding: SoundWriter.Encoding) throws {
    let scratch = try ScratchFolder()
    let whole = try scratch.noise(encoding, frames: 240_000, rate: 48000)
    let size = try #require(try FileManager.default.attributesOfItem(atPath: whole)[.size] as? Int)
    let suffix = whole.split(separator: ".").last ?? ""
    let cut = try scratch.cut(whole, to: size / 2, as: "cut.\(suffix)")
    let clip = try AudioFile.load(cut, sampleRateHz: nil)
    #expect(clip.samples.count > 70_000 && clip.samples.count < 170_000)
    #expect(clip.warnings.count == 1)
    #expect(clip.warnings.first?.contains(cut) == true)
    #expect(try AudioFile.load(whole, sampleRateHz: nil).warnings.isEmpty)
  }

  @Test(
    "NaN, infinity and absurd levels in float files are refused with their place",
    arguments: [
      (Float.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"), (3e38, "3e+38"),
    ])
  func refusesNotFinite(value: Float, name: String) throws {
    let scratch = try ScratchFolder()
    var samples = [Float](repeating: 0.1, count: 44_100)
    samples[33_075] = value
    let path = try scratch.write(WAVBytes(rate: 22050, samples: samples).bytes, as: "bad.wav")
    expectRefusal(path, .badData, "1.5 s is \(name)")
    let stereo = try scratch.write(
      WAVBytes(channels: 2, rate: 22050, samples: samples).bytes, as: "stereo.wav")
    let error = #expect(throws: MtagError.self) { try AudioFile.load(stereo, sampleRateHz: nil) }
    #expect(error?.kind == .badData)
  }

  @Test(
    "Any cut and any changed byte ends in sound or in an error, never in a crash",
    arguments: [
      SoundWriter.Encoding.wav16, .wavIMA, .aiff16, .au16, .cafALAC, .w64, .flac, .vorbis, .mp3,
    ])
  func survivesDamage(encoding: SoundWriter.Encoding) throws {
    let scratch = try ScratchFolder()
    let whole = try scratch.noise(encoding, frames: 40_000, rate: 44100)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: whole)))
    let suffix = whole.split(separator: ".").last ?? ""
    var outcomes: Set<Bool> = []
    let places =
      Array(stride(from: 0, to: min(bytes.count, 160), by: 3)) + (1...30).map { bytes.count * $0 / 31 }
    for place in places {
      var changed = bytes
      changed[place] = ~changed[place]
      for (name, damaged) in [("cut", Array(bytes.prefix(place))), ("changed", changed)] {
        let path = try scratch.write(damaged, as: "\(name).\(suffix)")
        do {
          let clip = try AudioFile.load(path, sampleRateHz: 22050)
          #expect(clip.samples.count < 4_000_000)
          outcomes.insert(true)
        } catch let error as MtagError {
          #expect(error.kind == .badData && error.message.contains(path))
          outcomes.insert(false)
        }
      }
    }
    #expect(outcomes == [true, false])
  }
}
