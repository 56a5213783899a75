internal import CFFTW
import MtagCore
import Synchronization

/// An FFTW plan for one length of real-to-complex transform in double precision; chosen and used as `FFTPlan`.
struct DoubleFFTPlan: ~Copyable, @unchecked Sendable {
  // Sendable holds because a plan is never changed after it is made and FFTW's new-array execution only reads it.
  private let raw: fftw_plan
  /// Samples of one transform.
  let size: Int

  /// Complex values of one spectrum: 0 to half the sample rate.
  var bins: Int { size / 2 + 1 }

  init(size: Int) throws {
    let input = AlignedBuffer(count: 2 * size)
    let output = AlignedBuffer(count: 4 * (size / 2 + 1))
    let made = FFTPlan.planner.withLock { _ in
      input.pointer.withMemoryRebound(to: Double.self, capacity: size) { input in
        output.pointer.withMemoryRebound(to: fftw_complex.self, capacity: size / 2 + 1) {
          fftw_plan_dft_r2c_1d(Int32(size), input, $0, FFTW_ESTIMATE | FFTW_DESTROY_INPUT)
        }
      }
    }
    guard let made else { throw MtagError(.internalFault, "FFTW makes no plan for \(size) samples") }
    raw = made
    self.size = size
  }

  /// Transforms `size` samples to `bins` complex values, real and imaginary parts in turn; destroys the samples. Both
  /// pointers are aligned to 64 bytes, as the buffers of the plan were.
  func execute(_ samples: UnsafeMutablePointer<Double>, into spectrum: UnsafeMutablePointer<Double>) {
    // FFTW's complex type has the layout of two doubles.
    let complex = UnsafeMutableRawPointer(spectrum).assumingMemoryBound(to: fftw_complex.self)
    fftw_execute_dft_r2c(raw, samples, complex)
  }

  deinit {
    let raw = raw
    FFTPlan.planner.withLock { _ in fftw_destroy_plan(raw) }
  }
}
