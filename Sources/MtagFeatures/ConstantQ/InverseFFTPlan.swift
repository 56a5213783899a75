internal import CFFTW
import MtagCore
import Synchronization

/// An FFTW plan for one length of complex-to-real transform in single precision: the reverse of `FFTPlan`, not divided by the
/// length.
struct InverseFFTPlan: ~Copyable, @unchecked Sendable {
  // Sendable holds for the same reason as for FFTPlan.
  private let raw: fftwf_plan
  /// Samples of one transform.
  let size: Int

  init(size: Int) throws {
    let input = AlignedBuffer(count: 2 * (size / 2 + 1))
    let output = AlignedBuffer(count: size)
    let made = FFTPlan.planner.withLock { _ in
      FFTPlan.complex(input.pointer) {
        fftwf_plan_dft_c2r_1d(Int32(size), $0, output.pointer, FFTW_ESTIMATE | FFTW_DESTROY_INPUT)
      }
    }
    guard let made else { throw MtagError(.internalFault, "FFTW makes no inverse plan for \(size) samples") }
    raw = made
    self.size = size
  }

  /// Transforms `size / 2 + 1` complex values to `size` samples; destroys the spectrum. Both pointers are aligned to 64 bytes.
  func execute(_ spectrum: UnsafeMutablePointer<Float>, into samples: UnsafeMutablePointer<Float>) {
    FFTPlan.complex(spectrum) { fftwf_execute_dft_c2r(raw, $0, samples) }
  }

  deinit {
    let raw = raw
    FFTPlan.planner.withLock { _ in fftwf_destroy_plan(raw) }
  }
}
