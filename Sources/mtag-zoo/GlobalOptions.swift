import ArgumentParser
import Foundation
import MtagZoo

/// Options of every command that works for a while.
struct GlobalOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Results and errors only: no progress, no notes.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Also say where files are read and kept, and where an epoch's time goes.")
  var verbose = false

  func validate() throws {
    if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other") }
  }

  /// The zoo, and an observer that shows progress and listens to Ctrl-C.
  /// - Parameter cacheLimit: nil for the environment's, or the automatic one.
  func start(cacheLimit: CacheLimit? = nil) throws -> Session {
    let zoo = try Zoo(cacheLimit: cacheLimit)
    let display = ProgressDisplay()
    let interruption = Interruption()
    if verbose {
      display.note("cache: \(zoo.cacheFolder)")
      display.note("runs: \(zoo.runsFolder)")
    }
    let (isShown, isVerbose) = (!quiet, verbose)
    let observer = Observer(
      progress: { if isShown { display.update($0) } }, note: { if isShown { display.note($0) } },
      detail: { if isVerbose { display.note($0) } }, problem: { display.note($0) },
      isCancelled: { interruption.isRequested })
    return Session(zoo: zoo, observer: observer, display: display)
  }

  /// What a command works with.
  struct Session {
    let zoo: Zoo
    let observer: Observer
    let display: ProgressDisplay

    /// Runs the work and closes its progress bar, however it ends.
    func run<Value>(_ work: (Zoo, Observer) throws -> Value) throws -> Value {
      defer { display.finish() }
      return try work(zoo, observer)
    }
  }
}

/// `--threads`, where work runs on several.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads; all cores if left out. They change no result.")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads \(threads) must be in 1 ... 1024")
    }
  }

  /// How many to use.
  var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}
