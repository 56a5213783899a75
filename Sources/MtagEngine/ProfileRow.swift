/// One row of a profile: a pass of one step, or another part of the work.
package struct ProfileRow: Sendable, Hashable {
  /// The nodes that the step computes, or what else is done.
  package let name: String
  /// `forward`, `backward`, or empty.
  package let pass: String
  /// Median over the measured runs.
  package let milliseconds: Double
  /// Multiply-accumulates of the direct form.
  package let multiplyAccumulates: Int
  /// How many times fewer are done.
  package let saving: Double
  /// Bytes that must be moved at least: every value that is read or written, once.
  package let bytes: Int
}

extension Plan {
  /// What was measured of this plan, in the order it ran: forward, then what is no step, then backward.
  func rows(_ profile: StepProfile) -> [ProfileRow] {
    func row(
      _ part: StepProfile.Part, _ name: String, _ pass: String, macs: Int = 0, saving: Double = 1,
      bytes: Int = 0
    )
      -> ProfileRow?
    {
      guard let times = profile.milliseconds[part]?.sorted(), !times.isEmpty else { return nil }
      let median = (times[(times.count - 1) / 2] + times[times.count / 2]) / 2
      return ProfileRow(
        name: name, pass: pass, milliseconds: median, multiplyAccumulates: macs,
        saving: saving, bytes: bytes)
    }
    let float = MemoryLayout<Float>.stride
    let forward = steps.indices.compactMap { index in
      let (step, cost) = (steps[index], costs[index])
      let inner = logitsGradient == nil ? 0 : step.innerValues.reduce(0) { $0 + $1.count }
      return row(
        .forward(index), step.name, "forward", macs: cost.multiplyAccumulates, saving: cost.saving,
        bytes: float
          * (step.inputs.reduce(0) { $0 + $1.count } + step.output.count + inner + cost.parameterCount))
    }
    let backward = steps.indices.reversed().compactMap { index in
      let (step, cost) = (steps[index], costs[index])
      // Inner values are read, and read again or overwritten with their gradient.
      let inner = 2 * step.innerValues.reduce(0) { $0 + $1.count }
      let gradients = step.inputGradients.reduce(step.outputGradient?.count ?? 0) { $0 + ($1?.count ?? 0) }
      return row(
        .backward(index), step.name, "backward",
        macs: cost.multiplyAccumulates * (step.inputGradient == nil ? 1 : 2), saving: cost.saving,
        bytes: float * (step.inputs.reduce(0) { $0 + $1.count } + inner + gradients + 2 * cost.parameterCount)
      )
    }
    let others = profile.milliseconds.keys.compactMap { part -> ProfileRow? in
      guard case .other(let name) = part else { return nil }
      return row(part, name, "")
    }
    return forward + others.sorted { $0.milliseconds > $1.milliseconds } + backward
  }
}
