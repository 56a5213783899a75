public import Testing

/// Records an issue unless every value is within `absolute + relative * |expected|` of its expected one.
///
/// - Parameters:
///   - observed: what our code computed.
///   - expected: what the oracle says; as many values.
///   - absolute: allowed absolute difference, in the values' unit.
///   - relative: allowed difference as a share of the expected value.
/// - Returns: the largest absolute difference, for reports.
@discardableResult
public func expectClose(
  _ observed: [Float], _ expected: [Float], absolute: Float = 0, relative: Float = 0,
  _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) -> Float {
  guard observed.count == expected.count else {
    Issue.record(
      "\(comment()) \(observed.count) values, not \(expected.count)", sourceLocation: sourceLocation)
    return .infinity
  }
  var (largest, worst, worstExcess, failures): (Float, Int, Float, Int) = (0, 0, 0, 0)
  for index in observed.indices {
    let difference = abs(observed[index] - expected[index])
    let excess = difference - (absolute + relative * abs(expected[index]))
    // Equal infinities differ by NaN; NaN is close to nothing.
    if observed[index] == expected[index] { continue }
    largest = difference.isNaN ? .infinity : max(largest, difference)
    guard !(excess <= 0) else { continue }
    failures += 1
    if failures == 1 || excess.isNaN || excess > worstExcess { (worst, worstExcess) = (index, excess) }
  }
  if failures > 0 {
    Issue.record(
      """
      \(comment()) \(failures) of \(observed.count) values differ too much; worst at \(worst): \(observed[worst]), \
      expected \(expected[worst]); largest difference \(largest), allowed \(absolute) + \(relative) × |expected|
      """, sourceLocation: sourceLocation)
  }
  return largest
}
