import Foundation
import MtagTestSupport
import MtagTraining
import Testing

@Suite struct MetricsTests {
  private static let tolerance = 1e-12

  /// Scores and targets of the oracle, `[clips][labels]`.
  private static func oracle() throws -> (fixture: Fixture, scores: [[Float]], targets: [[Bool]]) {
    let fixture = try Fixture.load("training/metrics")
    let (clips, labels) = (fixture.shape[1], fixture.shape[2])
    func row(_ start: Int) -> [Float] { Array(fixture.values[start * labels..<(start + 1) * labels]) }
    return (fixture, (0..<clips).map(row), (clips..<2 * clips).map { row($0).map { $0 == 1 } })
  }

  private static func figures(_ group: [String: Any], _ name: String) throws -> [Double?] {
    try #require(group[name] as? [Any]).map { ($0 as? NSNumber)?.doubleValue }
  }

  private func expectClose(_ ours: [Double?], _ theirs: [Double?]) {
    #expect(ours.count == theirs.count)
    for (label, (our, their)) in zip(ours, theirs).enumerated() {
      #expect((our == nil) == (their == nil), "label \(label)")
      if let our, let their {
        #expect(abs(our - their) < Self.tolerance, "label \(label): \(our), not \(their)")
      }
    }
  }

  @Test(
    "ROC-AUC, average precision and F1 of every label are scikit-learn's, ties and undefined labels included")
  func severalLabels() throws {
    let (fixture, scores, targets) = try Self.oracle()
    let group = fixture.group("several")
    func column(_ label: Int) -> ([Float], [Bool]) { (scores.map { $0[label] }, targets.map { $0[label] }) }
    let labels = scores[0].indices
    expectClose(
      labels.map { RankingMetrics.rocAUC(scores: column($0).0, targets: column($0).1) },
      try Self.figures(group, "rocAUC"))
    expectClose(
      labels.map { RankingMetrics.averagePrecision(scores: column($0).0, targets: column($0).1) },
      try Self.figures(group, "averagePrecision"))
    expectClose(
      labels.map { RankingMetrics.f1(scores: column($0).0, targets: column($0).1) },
      try Self.figures(group, "f1"))
  }

  @Test("an evaluation's macro figures are means over the labels for which they are defined")
  func macroMeans() throws {
    let (fixture, scores, targets) = try Self.oracle()
    let report = Evaluation.report(
      labels: scores[0].indices.map { "label \($0)" }, isMultiLabel: true, scores: scores,
      targets: targets.map { row in row.indices.filter { row[$0] } },
      split: .init(name: "all", sha256: "0", part: "all"), skipped: [])
    let defined = try Self.figures(fixture.group("several"), "rocAUC").compactMap(\.self)
    #expect(defined.count == 4)
    let macro = try #require(report.rocAUC)
    #expect(abs(macro - defined.reduce(0, +) / 4) < Self.tolerance)
    #expect(report.perLabel[4].rocAUC == nil && report.perLabel[4].support == 0)
    #expect(report.perLabel[5].rocAUC == nil && report.perLabel[5].prAUC == 1)
    #expect(report.accuracy == nil && report.confusion.isEmpty)
  }

  @Test("accuracy, confusion and per-label figures of one label a clip are scikit-learn's")
  func singleLabel() throws {
    let (fixture, scores, _) = try Self.oracle()
    let group = fixture.group("single")
    let truth = try #require(group["truth"] as? [Int])
    let report = Evaluation.report(
      labels: scores[0].indices.map { "label \($0)" }, isMultiLabel: false, scores: scores,
      targets: truth.map { [$0] }, split: .init(name: "all", sha256: "0", part: "all"), skipped: [])
    #expect(report.confusion == group["confusion"] as? [[Int]])
    expectClose([report.accuracy], [try #require(group["accuracy"] as? Double)])
    expectClose(report.perLabel.map(\.accuracy), try Self.figures(group, "recall"))
    expectClose(report.perLabel.map(\.f1), try Self.figures(group, "f1"))
  }

  @Test("no clip at all gives undefined figures, not a crash")
  func nothing() {
    for isMultiLabel in [false, true] {
      let report = Evaluation.report(
        labels: ["a", "b"], isMultiLabel: isMultiLabel, scores: [], targets: [],
        split: .init(name: "all", sha256: "0", part: "all"), skipped: [])
      #expect(report.headline == nil && report.clips == 0 && report.perLabel.count == 2)
    }
  }
}
