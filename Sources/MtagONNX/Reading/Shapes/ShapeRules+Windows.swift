/// Shapes of what slides over a map, and of recurrent layers.
extension ShapeRules {
  /// Windows along the axes behind batch and channels.
  struct Window {
    var kernel: [Int]
    var strides: [Int]
    var dilations: [Int]
    /// Zeros before and after each axis; nil where they depend on a size that is not known.
    var before: [Int?]
    var after: [Int?]

    /// From the first tap to the last along an axis, both included.
    func reach(_ axis: Int) -> Int {
      (kernel[axis] - 1).multipliedClamped(by: dilations[axis]).addingClamped(1)
    }

    /// Windows along an axis of `size`; `ceil` counts one that goes over the end.
    func count(_ size: Int?, _ axis: Int, ceil: Bool) throws -> Int? {
      guard let size, let before = before[axis], let after = after[axis] else { return nil }
      let room = size.addingClamped(before).addingClamped(after) - reach(axis)
      guard room >= 0 else {
        throw Fault(
          "a window of \(reach(axis)) does not fit a size of \(size) with \(before + after) of padding")
      }
      let stride = strides[axis]
      var count = room / stride + 1
      // A window that would start in the padding after the end does not count.
      if ceil, room % stride != 0, count * stride < size + before { count += 1 }
      return count
    }
  }

  static func convolution(_ node: NodeReader) throws -> Shape? {
    guard let input = node.shape(0), let weight = node.shape(1) else { return nil }
    guard input.count == weight.count, input.count >= 3 else {
      throw Fault("input \(text(input)) and weights \(text(weight)) must have as many axes, 3 or more")
    }
    let groups = try node.integer("group") ?? 1
    guard groups >= 1 else { throw Fault("group \(groups) is not positive") }
    if let channels = input[1], let each = weight[1], channels != each.multipliedClamped(by: groups) {
      throw Fault(
        "input \(text(input)) has \(channels) channels, and weights \(text(weight)) in \(groups) groups do not fit"
      )
    }
    if let outputs = weight[0], !outputs.isMultiple(of: groups) {
      throw Fault("\(outputs) output channels cannot be split into \(groups) groups")
    }
    if let bias = node.shape(2), let outputs = weight[0], bias.count != 1 || (bias[0] ?? outputs) != outputs {
      throw Fault("bias \(text(bias)) does not fit \(outputs) output channels")
    }
    let kernel: [Int]? = try node.integers("kernel_shape") ?? fixed(Array(weight.dropFirst(2)))
    guard let kernel else { return [input[0], weight[0]] + input.dropFirst(2).map { _ in nil } }
    for (size, stored) in zip(kernel, weight.dropFirst(2)) where stored != nil && stored != size {
      throw Fault("kernel_shape \(kernel) is not that of weights \(text(weight))")
    }
    let window = try window(node, kernel, input)
    let sizes = try window.kernel.indices.map { try window.count(input[2 + $0], $0, ceil: false) }
    return [input[0], weight[0]] + sizes
  }

  static func pool(_ node: NodeReader) throws -> Shape? {
    guard let input = node.shape(0), let kernel = try node.integers("kernel_shape") else { return nil }
    guard input.count >= 3 else { throw Fault("input \(text(input)) has no axis to pool over") }
    let window = try window(node, kernel, input)
    for axis in kernel.indices {
      let largest = max(window.before[axis] ?? 0, window.after[axis] ?? 0)
      guard largest < window.reach(axis) else {
        throw Fault("padding \(largest) is not smaller than the kernel")
      }
    }
    let ceil = try node.integer("ceil_mode") ?? 0 != 0
    return Array(input.prefix(2))
      + (try kernel.indices.map { try window.count(input[2 + $0], $0, ceil: ceil) })
  }

  /// Kernel, strides, dilations and padding, with their defaults.
  static func window(_ node: NodeReader, _ kernel: [Int], _ input: Shape) throws -> Window {
    let count = input.count - 2
    func list(_ name: String, _ given: [Int]?, count: Int, from low: Int, fallback: Int) throws -> [Int] {
      let values = given ?? [Int](repeating: fallback, count: count)
      guard values.count == count, values.allSatisfy({ (low...ONNXLimits.values).contains($0) }) else {
        throw Fault("\(name) \(values) is no list of \(count) sizes from \(low) on")
      }
      return values
    }
    let kernel = try list("kernel_shape", kernel, count: count, from: 1, fallback: 1)
    let strides = try list("strides", try node.integers("strides"), count: count, from: 1, fallback: 1)
    let dilations = try list("dilations", try node.integers("dilations"), count: count, from: 1, fallback: 1)
    let pads = try list("pads", try node.integers("pads"), count: 2 * count, from: 0, fallback: 0)
    var window = Window(
      kernel: kernel, strides: strides, dilations: dilations, before: Array(pads.prefix(count)),
      after: Array(pads.suffix(count)))
    let automatic = try node.text("auto_pad") ?? "NOTSET"
    switch automatic {
    case "NOTSET": return window
    case "VALID":
      window.before = [Int](repeating: 0, count: count)
      window.after = window.before
    case "SAME_UPPER", "SAME_LOWER":
      for axis in 0..<count {
        guard let size = input[2 + axis] else {
          (window.before[axis], window.after[axis]) = (nil, nil)
          continue
        }
        let outputs = (size + strides[axis] - 1) / strides[axis]
        let total = max(0, (outputs - 1) * strides[axis] + window.reach(axis) - size)
        let (small, large) = (total / 2, total - total / 2)
        (window.before[axis], window.after[axis]) =
          automatic == "SAME_UPPER" ? (small, large) : (large, small)
      }
    default: throw Fault("auto_pad '\(automatic)' is not known")
    }
    return window
  }

  static func globalPool(_ node: NodeReader) throws -> Shape? {
    guard let input = node.shape(0) else { return nil }
    guard input.count >= 3 else { throw Fault("input \(text(input)) has no axis to pool over") }
    return Array(input.prefix(2)) + input.dropFirst(2).map { _ in 1 }
  }

  static func batchNormalization(_ node: NodeReader) throws -> Shape? {
    guard let input = node.shape(0) else { return nil }
    guard input.count >= 2 else { throw Fault("input \(text(input)) has no channels") }
    for index in 1...4 {
      guard let parameter = node.shape(index) else { continue }
      guard parameter.count == 1, input[1] == nil || parameter[0] == nil || parameter[0] == input[1] else {
        throw Fault("input \(index) of shape \(text(parameter)) does not fit the channels of \(text(input))")
      }
    }
    return input
  }

  /// `X [frames, batch, inputs]`, `W [directions, gates · hidden, inputs]`, `R [directions, gates · hidden, hidden]`.
  static func recurrent(_ node: NodeReader) throws -> [KnownValue] {
    let type = node.input(0)?.type
    guard let input = node.shape(0) else { return [] }
    guard input.count == 3 else { throw Fault("input \(text(input)) must have three axes") }
    let gates = node.node.type == "GRU" ? 3 : 4
    let directions = try node.text("direction") ?? "forward" == "bidirectional" ? 2 : 1
    let hidden = try node.integer("hidden_size") ?? node.shape(2)?.last.flatMap(\.self)
    if let hidden {
      guard (1...ONNXLimits.values).contains(hidden) else {
        throw Fault("hidden_size \(hidden) is not positive")
      }
      let rows = hidden.multipliedClamped(by: gates)
      for (index, columns) in [(1, input[2]), (2, hidden)] {
        guard let shape = node.shape(index) else { continue }
        _ = try requireFit(shape, [directions, rows, columns], "input \(index)")
      }
      if let bias = node.shape(3) {
        try requireFit(bias, [directions, rows.multipliedClamped(by: 2)], "input 3")
      }
    }
    let isBatchFirst = try node.integer("layout") ?? 0 != 0
    let (frames, batch) = isBatchFirst ? (input[1], input[0]) : (input[0], input[1])
    let sequence: Shape =
      isBatchFirst ? [batch, frames, directions, hidden] : [frames, directions, batch, hidden]
    let state: Shape = isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden]
    return [.computed(type, sequence), .computed(type, state), .computed(type, state)]
  }

  private static func requireFit(_ shape: Shape, _ expected: Shape, _ what: String) throws {
    let fits =
      shape.count == expected.count
      && zip(shape, expected).allSatisfy { $0 == nil || $1 == nil || $0 == $1 }
    guard fits else { throw Fault("\(what) of shape \(text(shape)) must be \(text(expected))") }
  }

  static func fixed(_ shape: Shape) -> [Int]? {
    let sizes = shape.compactMap(\.self)
    return sizes.count == shape.count ? sizes : nil
  }
}
