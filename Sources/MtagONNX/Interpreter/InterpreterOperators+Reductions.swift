import Foundation
import MtagCore

extension InterpreterOperators {
  /// One value of many along axes. Sums are taken in double precision.
  static let reductions: [String: Operation] = [
    "ReduceMax": { try reduce($0, start: -.infinity, { max($0, $1) }, { value, _ in value }) },
    "ReduceMean": { try reduce($0, start: 0, { $0 + $1 }, { $0 / Double($1) }) },
    "ReduceSum": { try reduce($0, start: 0, { $0 + $1 }, { value, _ in value }) },
    "ReduceL2": { try reduce($0, start: 0, { $0 + $1 * $1 }, { value, _ in value.squareRoot() }) },
  ]

  // MARK: - Helpers

  private static func reduce(
    _ call: InterpreterCall, start: Double, _ take: (Double, Double) -> Double,
    _ finish: (Double, Int) -> Double
  ) throws -> [InterpreterTensor] {
    let x = try call.floats(0)
    let given = call.optional(1) == nil ? call.node.integers("axes") : try call.integers(1)
    let axes = Set(try (given ?? Array(x.shape.indices)).map { try call.axis($0, rank: x.shape.count) })
    let kept = x.shape.enumerated().map { axes.contains($0.offset) ? 1 : $0.element }
    let walk = try Broadcast([x.shape, kept], call)
    let parts = axes.reduce(1) { $0 * x.shape[$1] }
    var results = [Double](repeating: start, count: kept.reduce(1, *))
    walk.forEach { _, places in results[places[1]] = take(results[places[1]], Double(x.values[places[0]])) }
    let shape =
      call.node.integer("keepdims") ?? 1 == 1
      ? kept : kept.enumerated().filter { !axes.contains($0.offset) }.map(\.element)
    return [InterpreterTensor(shape, results.map { Float(finish($0, parts)) })]
  }
}
