import MtagCore
import Synchronization

/// Reads all clips of a dataset on several threads.
struct DatasetSurvey {
  let threads: Int
  let observer: Observer

  /// - Throws: `MtagError` (interrupted).
  func clips(of dataset: Dataset) throws -> [Result<ClipReport, MtagError>] {
    let done = Atomic<Int>(0)
    let results = ParallelExecutor(threads: threads).map(dataset.tracks) {
      track -> Result<ClipReport, MtagError> in
      let result = Result { () throws(MtagError) in try read(track.path) }
      let count = done.wrappingAdd(1, ordering: .relaxed).newValue
      observer.progress(ProgressUpdate(task: "check", done: count, total: dataset.tracks.count, unit: "clip"))
      return result
    }
    try observer.checkCancelled()
    return results
  }

  private func read(_ path: String) throws(MtagError) -> ClipReport {
    guard !observer.isCancelled() else { throw MtagError(.interrupted, "interrupted") }
    do {
      return try ClipReport(path: path)
    } catch let error as MtagError {
      throw error
    } catch {
      throw MtagError(.badData, "\(path) cannot be read: \(error)")
    }
  }
}
