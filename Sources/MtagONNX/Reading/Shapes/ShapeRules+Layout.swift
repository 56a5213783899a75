/// Shapes of what moves values without computing.
extension ShapeRules {
  static func concatenation(_ node: NodeReader) throws -> Shape? {
    var result: Shape?
    let axisName = try node.integer("axis") ?? 0
    for index in node.inputs.indices {
      guard let shape = node.shape(index) else { return nil }
      let axis = try node.axis(axisName, of: shape.count)
      guard var known = result else {
        result = shape
        continue
      }
      guard known.count == shape.count else {
        throw Fault("\(text(known)) and \(text(shape)) differ in their axes")
      }
      for other in shape.indices where other != axis {
        if let a = known[other], let b = shape[other], a != b {
          throw Fault("\(text(known)) and \(text(shape)) differ beside axis \(axis)")
        }
        known[other] = known[other] ?? shape[other]
      }
      known[axis] = known[axis].flatMap { size in shape[axis].map { size.addingClamped($0) } }
      result = known
    }
    return result
  }

  static func split(_ node: NodeReader) throws -> [KnownValue] {
    let type = node.input(0)?.type
    guard let shape = node.shape(0) else { return [] }
    let axis = try node.axis(try node.integer("axis") ?? 0, of: shape.count)
    let count = node.node.outputs.count
    let given = try node.operatorSet >= 13 ? node.integers(1) : node.integers("split")
    var sizes = [Int?](repeating: nil, count: count)
    if let given {
      guard given.count == count, given.allSatisfy({ $0 >= 0 }) else {
        throw Fault("parts of \(given) do not fit \(count) outputs")
      }
      if let size = shape[axis], given.reduce(0, { $0.addingClamped($1) }) != size {
        throw Fault("parts of \(given) do not add up to \(size)")
      }
      sizes = given
    } else if node.input(1) == nil, let size = shape[axis], count > 0 {
      let each = (size + count - 1) / count
      sizes = (0..<count).map { max(0, min(each, size - $0.multipliedClamped(by: each))) }
    }
    return sizes.map { size in
      var part = shape
      part[axis] = size
      return .computed(type, part)
    }
  }

  /// First index, number of values and step of a slice along each axis, for sizes that are known.
  struct Section {
    var start: Int
    var count: Int
    var step: Int
  }

  /// The sections of a slice; nil for an axis that is kept whole or not known, and `unknown` if even the axes are not.
  static func sections(_ node: NodeReader, _ shape: Shape) throws -> [Int: Section?]? {
    let isOld = node.operatorSet < 10
    guard let starts = try isOld ? node.integers("starts") : node.integers(1),
      let ends = try isOld ? node.integers("ends") : node.integers(2)
    else { return nil }
    if !isOld && (node.input(3) != nil && node.input(3)?.constant == nil) { return nil }
    if !isOld && (node.input(4) != nil && node.input(4)?.constant == nil) { return nil }
    let axes = try (isOld ? node.integers("axes") : node.integers(3)) ?? Array(starts.indices)
    let steps = try (isOld ? nil : node.integers(4)) ?? [Int](repeating: 1, count: starts.count)
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
      throw Fault("its starts, ends, axes and steps are not as many")
    }
    var result: [Int: Section?] = [:]
    for (index, name) in axes.enumerated() {
      let axis = try node.axis(name, of: shape.count)
      let step = steps[index]
      guard step != 0, step > -ONNXLimits.values, step < ONNXLimits.values else {
        throw Fault("a step of \(step)")
      }
      guard let size = shape[axis] else {
        result[axis] = .some(nil)
        continue
      }
      func place(_ value: Int, _ low: Int, _ high: Int) -> Int {
        min(max(value < 0 ? value.addingClamped(size) : value, low), high)
      }
      let isForward = step > 0
      let start = place(starts[index], 0, isForward ? size : max(0, size - 1))
      let end =
        isForward ? place(ends[index], 0, size) : ends[index] < -size ? -1 : place(ends[index], -1, size)
      let room = isForward ? end - start : start - end
      let count = room <= 0 || size == 0 ? 0 : (room + abs(step) - 1) / abs(step)
      result[axis] = Section(start: start, count: count, step: step)
    }
    return result
  }

  static func slice(_ node: NodeReader) throws -> Shape? {
    guard let shape = node.shape(0) else { return nil }
    guard let sections = try sections(node, shape) else { return shape.map { _ in nil } }
    return shape.indices.map { axis in
      guard let section = sections[axis] else { return shape[axis] }
      return section?.count
    }
  }

  static func gather(_ node: NodeReader) throws -> Shape? {
    guard let shape = node.shape(0) else { return nil }
    let axis = try node.axis(try node.integer("axis") ?? 0, of: shape.count)
    if let size = shape[axis], let indices = try node.integers(1),
      let outside = indices.first(where: { $0 >= size || $0 < -size })
    {
      throw Fault("index \(outside) is not in an axis of \(size)")
    }
    guard let indices = node.shape(1) else { return nil }
    return Array(shape.prefix(axis)) + indices + Array(shape.suffix(from: axis + 1))
  }

  static func reshape(_ node: NodeReader) throws -> Shape? {
    guard let target = try node.integers(1) else {
      guard let rank = node.shape(1), rank.count == 1, let count = rank[0], count <= ONNXLimits.axes else {
        return nil
      }
      return [Int?](repeating: nil, count: count)
    }
    guard target.count <= ONNXLimits.axes else { throw Fault("it makes \(target.count) axes") }
    let keepsZeros = try node.integer("allowzero") ?? 0 != 0
    let shape = node.shape(0)
    var result: Shape = try target.enumerated().map { axis, size in
      if size == -1 { return nil }
      guard size >= 0, size <= ONNXLimits.values else {
        throw Fault("its target \(target) has a size of \(size)")
      }
      guard size == 0, !keepsZeros else { return size }
      guard let shape else { return nil }
      guard shape.indices.contains(axis) else {
        throw Fault("its target \(target) keeps axis \(axis), which \(text(shape)) does not have")
      }
      return shape[axis]
    }
    let open = target.indices.filter { target[$0] == -1 }
    guard open.count <= 1 else { throw Fault("its target \(target) leaves two sizes open") }
    guard let total = shape.flatMap(fixed).map({ $0.reduce(1) { $0.multipliedClamped(by: $1) } }) else {
      return result
    }
    if let axis = open.first {
      var rest = result
      rest.remove(at: axis)
      guard let known = fixed(rest)?.reduce(1, { $0.multipliedClamped(by: $1) }), known > 0 else {
        return result
      }
      guard total.isMultiple(of: known) else {
        throw Fault("\(text(shape ?? [])) cannot take the shape \(target)")
      }
      result[axis] = total / known
    } else if let known = fixed(result)?.reduce(1, { $0.multipliedClamped(by: $1) }), known != total {
      throw Fault("\(text(shape ?? [])) cannot take the shape \(target)")
    }
    return result
  }

  static func flatten(_ node: NodeReader) throws -> Shape? {
    guard let shape = node.shape(0) else { return nil }
    let axis = try node.integer("axis") ?? 1
    guard (-shape.count...shape.count).contains(axis) else {
      throw Fault("axis \(axis) is not one of \(text(shape))")
    }
    let place = axis < 0 ? axis + shape.count : axis
    return [Array(shape.prefix(place)), Array(shape.suffix(from: place))].map { part in
      fixed(part)?.reduce(1) { $0.multipliedClamped(by: $1) }
    }
  }

  static func squeeze(_ node: NodeReader) throws -> Shape? {
    guard let shape = node.shape(0), let argument = try node.axesArgument(inputSince: 13) else { return nil }
    guard let argument else {
      return fixed(shape).map { $0.filter { $0 != 1 }.map(Optional.some) }
    }
    let axes = try node.axes(argument, of: shape.count)
    if let wide = axes.first(where: { (shape[$0] ?? 1) != 1 }) {
      throw Fault("axis \(wide) of \(text(shape)) has more than one value and cannot be dropped")
    }
    return shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
  }

  static func unsqueeze(_ node: NodeReader) throws -> Shape? {
    guard let shape = node.shape(0), let given = try node.axesArgument(inputSince: 13), let given else {
      return nil
    }
    let count = shape.count + given.count
    guard count <= ONNXLimits.axes else { throw Fault("it makes \(count) axes") }
    let axes = try node.axes(given, of: count)
    var rest = shape[...]
    return (0..<count).map { axes.contains($0) ? 1 : rest.popFirst().flatMap(\.self) }
  }

  static func transpose(_ node: NodeReader) throws -> Shape? {
    guard let shape = node.shape(0) else { return nil }
    let order = try permutation(node, count: shape.count)
    return order.map { shape[$0] }
  }

  static func permutation(_ node: NodeReader, count: Int) throws -> [Int] {
    let order = try node.integers("perm") ?? Array((0..<count).reversed())
    guard order.sorted() == Array(0..<count) else {
      throw Fault("perm \(order) is no order of \(count) axes")
    }
    return order
  }

  /// Values before and after each axis; nil if they are not known.
  static func padding(_ node: NodeReader, axes count: Int) throws -> (before: [Int], after: [Int])? {
    let isOld = node.operatorSet < 11
    guard let pads = try isOld ? node.integers("pads") : node.integers(1) else { return nil }
    if !isOld, node.input(3) != nil, node.input(3)?.constant == nil { return nil }
    let axes = try (isOld ? nil : node.integers(3))?.map { try node.axis($0, of: count) } ?? Array(0..<count)
    guard pads.count == 2 * axes.count, Set(axes).count == axes.count,
      pads.allSatisfy({ abs($0.addingClamped(0)) < ONNXLimits.values && $0 != .min })
    else { throw Fault("pads \(pads) do not fit \(axes.count) axes") }
    var (before, after) = ([Int](repeating: 0, count: count), [Int](repeating: 0, count: count))
    for (index, axis) in axes.enumerated() {
      (before[axis], after[axis]) = (pads[index], pads[axes.count + index])
    }
    return (before, after)
  }

  static func pad(_ node: NodeReader) throws -> Shape? {
    guard let shape = node.shape(0) else { return nil }
    guard let padding = try padding(node, axes: shape.count) else { return shape.map { _ in nil } }
    return try shape.indices.map { axis in
      guard let size = shape[axis] else { return nil }
      let result = size.addingClamped(padding.before[axis]).addingClamped(padding.after[axis])
      guard result >= 0 else { throw Fault("it takes more away than there is along axis \(axis)") }
      return result
    }
  }

  static func expand(_ node: NodeReader) throws -> Shape? {
    guard let shape = node.shape(0), let target = try node.integers(1) else { return nil }
    guard target.count <= ONNXLimits.axes, target.allSatisfy({ (0...ONNXLimits.values).contains($0) }) else {
      throw Fault("its target \(target) is no shape")
    }
    return try broadcast(shape, target.map(Optional.some))
  }

  /// The axes whose sizes `Shape` gives.
  static func shapeRange(_ node: NodeReader, _ shape: Shape) throws -> Range<Int> {
    func place(_ value: Int) -> Int {
      min(max(value < 0 ? value.addingClamped(shape.count) : value, 0), shape.count)
    }
    let start = place(try node.integer("start") ?? 0)
    let end = place(try node.integer("end") ?? shape.count)
    return start..<max(start, end)
  }

  /// The type of what `ConstantOfShape` fills.
  static func fillType(_ node: NodeReader) throws -> ONNXElementType {
    guard let attribute = node.node.attributes["value"] else { return .float }
    guard case .tensor(let tensor) = attribute, tensor.count == 1, let type = tensor.type else {
      throw Fault("its value must be a tensor of one element")
    }
    return type
  }
}
