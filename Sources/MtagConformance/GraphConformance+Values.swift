import MtagCore
import MtagEngine
import MtagGraph
import Synchronization

extension GraphConformance {
  func scoreProblems() throws -> [String] {
    let inputs = noise()
    let all = try logits(inputs)
    guard all.count == Self.batch * labels else { return ["\(all.count) scores for \(Self.batch) clips"] }
    var problems: [String] = []
    if !all.allSatisfy(\.isFinite) { problems.append("scores of noise are not finite: \(all)") }
    if all[..<labels] == all[labels..<(2 * labels)] { problems.append("two clips cannot be told apart") }
    let count = clipCount(frames: frames)
    for clip in 0..<Self.batch {
      let alone = try logits(Array(inputs[(clip * count)..<((clip + 1) * count)]), batch: 1)
      let together = all[(clip * labels)..<((clip + 1) * labels)]
      let size = together.map(abs).max() ?? 0
      let difference = zip(alone, together).map { abs($0 - $1) }.max() ?? 0
      if difference > 1e-4 * size + 1e-5 {
        problems.append("clip \(clip) scores \(difference) otherwise alone than in a batch")
      }
    }
    return problems
  }

  func lengthProblems() throws -> [String] {
    let minimum = try graph.minimumFrames()
    var problems: [String] = []
    if minimum > 1 {
      do {
        _ = try logits(noise(frames: minimum - 1), frames: minimum - 1)
        problems.append("\(minimum - 1) frames work, though the fewest are said to be \(minimum)")
      } catch let error as MtagError {
        if error.kind != .usage || error.message.isEmpty || !error.message.contains(graph.name) {
          problems.append(
            "the refusal of \(minimum - 1) frames does not name \(graph.name): \(error.message)")
        }
      }
    }
    let maximum = try graph.maximumFrames()
    let lengths = [minimum, minimum + 1, minimum + 7, min(2 * minimum + 3, minimum + 2000)]
    for frames in lengths where frames <= maximum ?? .max {
      let scores = try logits(noise(batch: 1, frames: frames), batch: 1, frames: frames)
      if scores.count != labels || !scores.allSatisfy(\.isFinite) {
        problems.append("\(frames) frames give the scores \(scores)")
      }
    }
    if let maximum, (try? logits(noise(batch: 1, frames: maximum + 1), batch: 1, frames: maximum + 1)) != nil
    {
      problems.append("\(maximum + 1) frames work, though the most are said to be \(maximum)")
    }
    return problems
  }

  func silenceProblems() throws -> [String] {
    var problems: [String] = []
    for value: Float in graph.readsPower ? [0, 1] : [0, -3] {
      let inputs = noise().map { _ in value }
      if try !logits(inputs).allSatisfy(\.isFinite) {
        problems.append("clips of \(value) give scores that are not finite")
      }
      let (loss, gradients) = try loss(trainer(), inputs)
      if !loss.isFinite { problems.append("clips of \(value) give the loss \(loss)") }
      for parameter in gradients.parameters where parameter.isTrained {
        if gradients[parameter.name]?.allSatisfy(\.isFinite) != true {
          problems.append("clips of \(value) give gradients of \(parameter.name) that are not finite")
        }
      }
    }
    return problems
  }

  func notANumberProblems() throws -> [String] {
    var inputs = noise()
    let clean = try logits(inputs)
    let count = clipCount(frames: frames)
    for i in count..<(2 * count) { inputs[i] = .nan }
    let spoilt = try logits(inputs)
    var problems: [String] = []
    if spoilt[labels..<(2 * labels)].allSatisfy(\.isFinite) {
      problems.append("a clip of NaN has the finite scores \(spoilt[labels..<(2 * labels)])")
    }
    if spoilt[..<labels] != clean[..<labels] || spoilt[(2 * labels)...] != clean[(2 * labels)...] {
      problems.append("a clip of NaN changes the scores of the others")
    }
    let loss = try loss(trainer(), inputs).loss
    if loss.isFinite { problems.append("a batch with a clip of NaN has the finite loss \(loss)") }
    return problems
  }

  func threadProblems() throws -> [String] {
    let inputs = noise()
    let scores = try logits(inputs)
    let gradients = try loss(trainer(), inputs)
    var problems: [String] = []
    for threads in Self.threadCounts {
      if try logits(inputs, threads: threads) != scores {
        problems.append("\(threads) threads give other scores")
      }
      let other = try loss(trainer(threads: threads), inputs)
      if other.loss != gradients.loss || other.gradients != gradients.gradients {
        problems.append("\(threads) threads give other gradients")
      }
    }
    let wrong = Atomic<Int>(0)
    ParallelExecutor(threads: 8).forEach(chunks: 8) { _, _ in
      if (try? logits(inputs, threads: 2)) != scores { wrong.add(1, ordering: .relaxed) }
    }
    let count = wrong.load(ordering: .relaxed)
    if count > 0 { problems.append("\(count) of eight engines at once give other scores") }
    return problems
  }
}
