import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Ctrl-C: the first asks the work to save and stop, the second ends the program at once.
final class Interruption: @unchecked Sendable {
  // Sendable holds because the sources are only kept alive after `init`, and the flag is atomic.

  private let requested = Atomic<Bool>(false)
  private let sources: [any DispatchSourceSignal]

  /// Starts to listen to SIGINT and SIGTERM.
  init() {
    // A queue of its own, so that it runs even while every worker thread is busy.
    let queue = DispatchQueue(label: "interruption", qos: .userInteractive)
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    for source in sources {
      source.setEventHandler { [weak self] in self?.arrived() }
      source.resume()
    }
  }

  /// Whether the user asked to stop.
  var isRequested: Bool { requested.load(ordering: .relaxed) }

  private func arrived() {
    if requested.exchange(true, ordering: .relaxed) { exit(130) }
    StandardStreams.message("\nstopping (Ctrl-C again to stop at once)\n")
  }
}
