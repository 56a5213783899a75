import Foundation

/// Which octave of which harmonic is read at which rate, as librosa does it: octave by octave from the top, the clip halved
/// after each as long as the hop stays whole.
struct ConstantQLayout: Sendable {
  /// Neighbouring bands that are read from one decimated clip.
  struct Octave: Sendable {
    /// The halvings that lead from the clip to what is read, in order; none for the clip itself.
    let halvings: [HalvingFilter]
    /// Centres of the bands in Hz, rising.
    let frequenciesHz: [Double]
    /// For each harmonic that has these very bands: its index and the first of its bands.
    var places: [(harmonic: Int, firstBand: Int)]

    /// The clip's samples per sample that is read.
    var factor: Int { 1 << halvings.count }
  }

  /// All octaves; those that harmonics share (1, 2, 4, …) stand here once.
  private(set) var octaves: [Octave] = []
  /// Frames are counted on the least decimated top octave.
  private let frameFactor: Int
  private let hopLength: Int

  init(_ numbers: ConstantQNumbers) {
    hopLength = numbers.hopLength
    frameFactor = numbers.harmonics.map { 1 << numbers.earlyHalvings(harmonic: $0) }.min() ?? 1
    for (index, harmonic) in numbers.harmonics.enumerated() {
      let frequencies = numbers.frequenciesHz(harmonic: harmonic)
      var halvings = HalvingFilter.early(halvings: numbers.earlyHalvings(harmonic: harmonic))
      var end = numbers.bands
      while end > 0 {
        let start = max(0, end - numbers.bandsPerOctave)
        add(
          Octave(
            halvings: halvings, frequenciesHz: Array(frequencies[start..<end]),
            places: [(index, start)]))
        if numbers.hopLength >> halvings.count % 2 == 0 { halvings.append(.octave) }
        end = start
      }
    }
  }

  /// Frames of a clip: one for every hop within it, counted where its least decimated octave is read, as librosa does.
  func frameCount(samples: Int) -> Int {
    guard samples > 0 else { return 0 }
    return 1 + (samples + frameFactor - 1) / frameFactor / (hopLength / frameFactor)
  }

  private mutating func add(_ octave: Octave) {
    let same = octaves.firstIndex {
      $0.halvings == octave.halvings && $0.frequenciesHz == octave.frequenciesHz
    }
    if let same {
      octaves[same].places += octave.places
    } else {
      octaves.append(octave)
    }
  }
}
