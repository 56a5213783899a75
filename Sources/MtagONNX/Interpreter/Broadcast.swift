/// Walks over values that are broadcast to a common shape, as NumPy does.
struct Broadcast {
  /// The common shape.
  let shape: [Int]
  /// How many values it holds.
  let count: Int
  /// For each value and axis, the step in memory; 0 where the axis is repeated.
  private let steps: [[Int]]

  /// - Throws: `MtagError` (badData) if the shapes do not fit.
  init(_ shapes: [[Int]], _ call: InterpreterCall) throws {
    let rank = shapes.map(\.count).max() ?? 0
    let full = shapes.map { [Int](repeating: 1, count: rank - $0.count) + $0 }
    var common = [Int](repeating: 1, count: rank)
    for shape in full {
      for axis in 0..<rank where shape[axis] != 1 {
        guard common[axis] == 1 || common[axis] == shape[axis] else {
          throw call.fault("cannot broadcast shapes \(shapes)")
        }
        common[axis] = shape[axis]
      }
    }
    shape = common
    count = try InterpreterTensor.count(of: common, node: call.node)
    steps = full.map { shape in
      var step = 1
      var steps = [Int](repeating: 0, count: rank)
      for axis in (0..<rank).reversed() {
        steps[axis] = shape[axis] == 1 ? 0 : step
        step *= shape[axis]
      }
      return steps
    }
  }

  /// Calls with the place of each common value and the places of what it is made of.
  func forEach(_ body: (_ out: Int, _ places: [Int]) -> Void) {
    guard count > 0 else { return }
    var index = [Int](repeating: 0, count: shape.count)
    var places = [Int](repeating: 0, count: steps.count)
    for out in 0..<count {
      body(out, places)
      for axis in shape.indices.reversed() {
        index[axis] += 1
        for value in steps.indices { places[value] += steps[value][axis] }
        if index[axis] < shape[axis] { break }
        for value in steps.indices { places[value] -= steps[value][axis] * shape[axis] }
        index[axis] = 0
      }
    }
  }
}
