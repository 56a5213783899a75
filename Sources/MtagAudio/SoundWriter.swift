internal import CSndFile
internal import Foundation
internal import MtagCore

/// Writes sound files in any encoding that libsndfile writes, for tests: only this room may call libsndfile.
package enum SoundWriter {
  /// What to write.
  package enum Encoding: Sendable, CaseIterable {
    case wav16, wav24, wavFloat, wavIMA, aiff16, au16, cafALAC, w64, flac, vorbis, opus, mp3

    var format: Int {
      switch self {
      case .wav16: SF_FORMAT_WAV | SF_FORMAT_PCM_16
      case .wav24: SF_FORMAT_WAV | SF_FORMAT_PCM_24
      case .wavFloat: SF_FORMAT_WAV | SF_FORMAT_FLOAT
      case .wavIMA: SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM
      case .aiff16: SF_FORMAT_AIFF | SF_FORMAT_PCM_16
      case .au16: SF_FORMAT_AU | SF_FORMAT_PCM_16
      case .cafALAC: SF_FORMAT_CAF | SF_FORMAT_ALAC_16
      case .w64: SF_FORMAT_W64 | SF_FORMAT_PCM_16
      case .flac: SF_FORMAT_FLAC | SF_FORMAT_PCM_16
      case .vorbis: SF_FORMAT_OGG | SF_FORMAT_VORBIS
      case .opus: SF_FORMAT_OGG | SF_FORMAT_OPUS
      case .mp3: SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
      }
    }
  }

  /// Writes a file under a temporary name and renames it.
  /// - Parameters:
  ///   - interleaved: `[frames, channels]`, full scale -1 to 1.
  /// - Throws: `MtagError` (cannotCreate, inputOutput) naming the file.
  package static func write(
    _ interleaved: [Float], channels: Int, sampleRateHz: Int, as encoding: Encoding, to path: String
  ) throws {
    precondition(
      interleaved.count % channels == 0, "\(interleaved.count) samples are not frames of \(channels)")
    let temporary = "\(path).\(UInt32.random(in: 0...UInt32.max)).part"
    var header = SF_INFO()
    header.channels = Int32(channels)
    header.samplerate = Int32(sampleRateHz)
    header.format = Int32(encoding.format)
    guard let handle = sf_open(temporary, Int32(SFM_WRITE), &header) else {
      throw MtagError(.cannotCreate, "\(path): cannot be created; check the folder and its permissions")
    }
    let frames = sf_count_t(interleaved.count / channels)
    let written = sf_writef_float(handle, interleaved, frames)
    guard sf_close(handle) == 0, written == frames, rename(temporary, path) == 0 else {
      unlink(temporary)
      throw MtagError(.inputOutput, "\(path): cannot be written; check the disk's free space")
    }
  }
}
