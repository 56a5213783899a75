import MtagCore
import MtagTestSupport
import MtagTraining
import Synchronization
import Testing

@Suite struct RunLockTests {
  @Test("a second training in a folder that is being trained in is refused, and the first goes on unharmed")
  func twoAtOnce() throws {
    let run = try TinyRun()
    let job = run.job(into: "shared")
    _ = try? Trainer.train(job, observer: Stopper(afterSteps: 3).observer)
    let second = Messages()
    let observer = Observer(progress: { update in
      guard update.unit == "step" else { return }
      do { _ = try Trainer.resume(job, observer: .silent) } catch { second.add("\(error)") }
    })
    _ = try Trainer.resume(job, observer: observer)
    #expect(!second.all.isEmpty)
    #expect(second.all.allSatisfy { $0.contains("in use by another training") }, "\(second.all)")
    _ = try Trainer.train(run.job(into: "alone"), observer: .silent)
    #expect(run.bytes("shared/last.safetensors") == run.bytes("alone/last.safetensors"))
  }

  @Test("a run stopped before its features were ready can be resumed")
  func stoppedEarly() throws {
    let run = try TinyRun()
    let job = run.job(into: "early")
    let error = #expect(throws: MtagError.self) {
      try Trainer.train(job, observer: Observer(isCancelled: { true }))
    }
    #expect(error?.kind == .interrupted)
    _ = try Trainer.resume(job, observer: .silent)
    _ = try Trainer.train(run.job(into: "whole"), observer: .silent)
    #expect(run.bytes("early/last.safetensors") == run.bytes("whole/last.safetensors"))
  }
}

/// Error messages, collected from any thread.
private final class Messages: Sendable {
  private let lines = Mutex<[String]>([])
  var all: [String] { lines.withLock { $0 } }
  func add(_ line: String) { lines.withLock { $0.append(line) } }
}
