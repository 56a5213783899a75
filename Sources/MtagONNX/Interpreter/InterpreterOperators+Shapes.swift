import MtagCore

extension InterpreterOperators {
  /// Operators that move values and change none.
  static let shapes: [String: Operation] = [
    "Shape": { call in
      let shape = try call.tensor(0).shape
      func place(_ value: Int) -> Int { max(0, min(shape.count, value < 0 ? value + shape.count : value)) }
      let (start, end) = (place(call.node.integer("start") ?? 0), place(call.node.integer("end") ?? .max))
      let part = Array(shape[start..<max(start, end)])
      return [InterpreterTensor(shape: [part.count], values: .integers(part))]
    },
    "Reshape": { call in
      let (input, wish) = (try call.tensor(0), try call.integers(1))
      var shape = try wish.enumerated().map { index, size in
        guard size == 0 else { return size }
        guard input.shape.indices.contains(index) else {
          throw call.fault("keeps axis \(index), which is not there")
        }
        return input.shape[index]
      }
      if let open = shape.firstIndex(of: -1) {
        let known = shape.enumerated().filter { $0.offset != open }.reduce(1) { $0 * $1.element }
        guard known > 0, input.count.isMultiple(of: known) else {
          throw call.fault("cannot give \(input.shape) the shape \(wish)")
        }
        shape[open] = input.count / known
      }
      guard try InterpreterTensor.count(of: shape, node: call.node) == input.count else {
        throw call.fault("cannot give \(input.shape) the shape \(wish)")
      }
      return [input.reshaped(shape)]
    },
    "Flatten": { call in
      let input = try call.tensor(0)
      let axis = try call.axis(call.node.integer("axis") ?? 1, rank: input.shape.count)
      let outer = input.shape[..<axis].reduce(1, *)
      return [input.reshaped([outer, outer == 0 ? 0 : input.count / outer])]
    },
    "Unsqueeze": { call in
      let (input, axes) = (try call.tensor(0), try call.integers(1))
      let rank = input.shape.count + axes.count
      let places = Set(try axes.map { try call.axis($0, rank: rank) })
      var sizes = input.shape[...]
      return [input.reshaped((0..<rank).map { places.contains($0) ? 1 : sizes.popFirst() ?? 1 })]
    },
    "Squeeze": { call in
      let input = try call.tensor(0)
      let places = Set(try call.integers(1).map { try call.axis($0, rank: input.shape.count) })
      guard places.allSatisfy({ input.shape[$0] == 1 }) else {
        throw call.fault("cannot drop axes of \(input.shape)")
      }
      return [input.reshaped(input.shape.indices.filter { !places.contains($0) }.map { input.shape[$0] })]
    },
    "Transpose": { call in
      let input = try call.tensor(0)
      let order = call.node.integers("perm") ?? Array(input.shape.indices.reversed())
      guard order.sorted() == Array(input.shape.indices) else {
        throw call.fault("has a wrong order of axes")
      }
      let steps = strides(input.shape)
      return [gather(input, shape: order.map { input.shape[$0] }, steps: order.map { steps[$0] }, start: 0)]
    },
    "Slice": { [try slice($0)] },
    "Split": { call in
      let (input, sizes) = (try call.tensor(0), try call.integers(1))
      let axis = try call.axis(call.node.integer("axis") ?? 0, rank: input.shape.count)
      guard sizes.allSatisfy({ $0 >= 0 }), sizes.reduce(0, +) == input.shape[axis] else {
        throw call.fault("cannot split \(input.shape) into \(sizes)")
      }
      var start = 0
      return sizes.map { size in
        defer { start += size }
        return part(input, axis: axis, start: start, count: size)
      }
    },
    "Concat": { [try concatenate($0)] },
    "Expand": { call in
      let input = try call.floats(0)
      let walk = try Broadcast([input.shape, try call.integers(1)], call)
      return [try call.result(walk.shape) { out in walk.forEach { out[$0] = input.values[$1[0]] } }]
    },
    "Pad": { [try pad($0)] },
  ]

  /// Steps in memory from one place of each axis to the next.
  static func strides(_ shape: [Int]) -> [Int] {
    var steps = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { steps[axis] = steps[axis + 1] * shape[axis + 1] }
    return steps
  }

  /// Values picked at regular steps.
  private static func gather(_ input: InterpreterTensor, shape: [Int], steps: [Int], start: Int)
    -> InterpreterTensor
  {
    func picked<Element>(_ values: [Element]) -> [Element] {
      let count = shape.reduce(1, *)
      guard count > 0 else { return [] }
      var result: [Element] = []
      result.reserveCapacity(count)
      var index = [Int](repeating: 0, count: shape.count)
      var place = start
      let (inner, step) = (shape.last ?? 1, steps.last ?? 1)
      while true {
        for offset in 0..<inner { result.append(values[place + offset * step]) }
        var axis = shape.count - 2
        while axis >= 0 {
          index[axis] += 1
          place += steps[axis]
          if index[axis] < shape[axis] { break }
          place -= steps[axis] * shape[axis]
          index[axis] = 0
          axis -= 1
        }
        if axis < 0 { return result }
      }
    }
    let values: InterpreterTensor.Values =
      switch input.values {
      case .single(let values): .single(picked(values))
      case .half(let values): .half(picked(values))
      case .double(let values): .double(picked(values))
      case .integers(let values): .integers(picked(values))
      case .flags(let values): .flags(picked(values))
      }
    return InterpreterTensor(shape: shape, values: values)
  }

  /// So many places of an axis from one on.
  private static func part(_ input: InterpreterTensor, axis: Int, start: Int, count: Int) -> InterpreterTensor
  {
    var shape = input.shape
    shape[axis] = count
    let steps = strides(input.shape)
    return gather(input, shape: shape, steps: steps, start: start * steps[axis])
  }

  private static func slice(_ call: InterpreterCall) throws -> InterpreterTensor {
    let (input, starts, ends) = (try call.tensor(0), try call.integers(1), try call.integers(2))
    let axes = call.optional(3) == nil ? Array(starts.indices) : try call.integers(3)
    guard call.optional(4) == nil, starts.count == axes.count, ends.count == axes.count else {
      throw call.fault("has places that do not fit its axes, or steps")
    }
    var result = input
    for (index, axis) in axes.enumerated() {
      let axis = try call.axis(axis, rank: input.shape.count)
      let size = result.shape[axis]
      func place(_ value: Int) -> Int { max(0, min(size, value < 0 ? value + size : value)) }
      let (start, end) = (place(starts[index]), place(ends[index]))
      result = part(result, axis: axis, start: start, count: max(0, end - start))
    }
    return result
  }

  private static func concatenate(_ call: InterpreterCall) throws -> InterpreterTensor {
    let first = try call.tensor(0)
    let axis = try call.axis(call.node.integer("axis") ?? 0, rank: first.shape.count)
    let inputs = try call.inputs.indices.map { try call.tensor($0) }
    var shape = first.shape
    shape[axis] = 0
    for input in inputs {
      var (mine, theirs) = (shape, input.shape)
      guard mine.count == theirs.count else { throw call.fault("joins values of different rank") }
      (mine[axis], theirs[axis]) = (0, 0)
      guard mine == theirs else { throw call.fault("joins values that differ elsewhere") }
      shape[axis] += input.shape[axis]
    }
    func joined<Element>(_ values: [[Element]]) -> [Element] {
      let outer = shape[..<axis].reduce(1, *)
      let inner = shape[(axis + 1)...].reduce(1, *)
      var result: [Element] = []
      for index in 0..<outer {
        for (input, values) in zip(inputs, values) {
          let size = input.shape[axis] * inner
          result += values[index * size..<(index + 1) * size]
        }
      }
      return result
    }
    if case .integers = first.values {
      let values = try inputs.indices.map { try call.integers($0) }
      return InterpreterTensor(shape: shape, values: .integers(joined(values)))
    }
    let values = try inputs.indices.map { try call.floats($0).values }
    return InterpreterTensor(shape: shape, values: .single(joined(values)))
  }

  private static func pad(_ call: InterpreterCall) throws -> InterpreterTensor {
    let (input, pads) = (try call.floats(0), try call.integers(1))
    let rank = input.shape.count
    guard pads.count == 2 * rank, call.optional(3) == nil,
      pads.allSatisfy({ $0 >= 0 && $0 <= InterpreterTensor.largestCount })
    else { throw call.fault("has pads that do not fit") }
    let fill = call.optional(2) == nil ? 0 : try call.floats(2).values.first ?? 0
    let mode = call.node.text("mode") ?? "constant"
    // Where each place of the result comes from, axis by axis; nil is the fill value.
    let sources = try (0..<rank).map { axis -> [Int?] in
      let (size, before) = (input.shape[axis], pads[axis])
      return try (0..<(before + size + pads[rank + axis])).map { place -> Int? in
        let source = place - before
        if (0..<size).contains(source) { return source }
        switch mode {
        case "constant": return nil
        case "edge" where size > 0: return source < 0 ? 0 : size - 1
        case "reflect":
          let mirrored = source < 0 ? -source : 2 * (size - 1) - source
          if (0..<size).contains(mirrored) { return mirrored }
        default: break
        }
        throw call.fault("cannot pad \(input.shape) by \(pads), mode \(mode)")
      }
    }
    let (shape, steps) = (sources.map(\.count), strides(input.shape))
    return try call.result(shape) { out in
      var index = [Int](repeating: 0, count: rank)
      for place in 0..<shape.reduce(1, *) {
        var source: Int? = 0
        for axis in 0..<rank {
          if let known = source, let next = sources[axis][index[axis]] {
            source = known + next * steps[axis]
          } else {
            source = nil
          }
        }
        out[place] = source.map { input.values[$0] } ?? fill
        for axis in (0..<rank).reversed() {
          index[axis] += 1
          if index[axis] < shape[axis] { break }
          index[axis] = 0
        }
      }
    }
  }
}
