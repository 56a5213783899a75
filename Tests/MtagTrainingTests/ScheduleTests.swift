import MtagTestSupport
import MtagTraining
import Testing

@Suite struct ScheduleTests {
  @Test(
    "rates are PyTorch's at every step",
    arguments: [
      ("constant", LearningRateSchedule.constant, 0), ("cosine", .cosine, 0), ("one-cycle", .oneCycle, 0.2),
      ("constant-warm-up", .constant, 0.2), ("cosine-warm-up", .cosine, 0.2),
    ])
  func matchesPyTorch(_ name: String, _ schedule: LearningRateSchedule, share: Double) throws {
    let fixture = try Fixture.load("engine/schedules")
    let parameters = fixture.group("parameters")
    let tensors = try #require(fixture.json["tensors"] as? [[String: Any]])
    let tensor = try #require(tensors.first { $0["name"] as? String == name })
    let offset = try #require(tensor["offset"] as? Int)
    let steps = try #require(parameters["steps"] as? Int)
    let base = try #require(parameters["learningRate"] as? Double)
    for step in 0..<steps {
      let ours = schedule.rate(step: step, totalSteps: steps, base: base, warmUpShare: share)
      let theirs = Double(fixture.values[offset + step])
      // The oracle is stored in 32 bits.
      #expect(abs(ours - theirs) <= 1e-7 * base + 1e-6 * theirs, "step \(step): \(ours), not \(theirs)")
    }
  }

  @Test(
    "every run length and warm-up share gives positive, finite rates up to the base",
    arguments: [1, 2, 3, 5, 10])
  func shortRuns(_ steps: Int) {
    for share in [0.0, 0.2, 0.5, 1.0] {
      for step in 0..<steps {
        let rate = LearningRateSchedule.oneCycle.rate(
          step: step, totalSteps: steps, base: 0.1, warmUpShare: share)
        #expect(rate > 0 && rate <= 0.1 * (1 + 1e-12), "step \(step) of \(steps), warm-up \(share): \(rate)")
      }
    }
  }
}
