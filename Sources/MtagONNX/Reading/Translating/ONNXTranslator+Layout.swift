import MtagGraph

/// Operators that change the view alone, and those that pick.
extension ONNXTranslator {
  mutating func keep(_ reader: NodeReader) throws {
    if reader.node.type == "Cast", let to = try reader.integer("to"),
      ONNXElementType(rawValue: to)?.isFloat != true
    {
      throw Fault(
        "it converts values of the network to \(ONNXElementType(rawValue: to)?.name ?? "an unknown type")")
    }
    if reader.node.type == "Dropout", reader.input(2)?.constant?.scalar ?? 0 != 0 {
      throw Fault("it drops values at random (training_mode); export the network for inference")
    }
    try define(reader, try view(reader, 0))
  }

  mutating func reshape(_ reader: NodeReader) throws {
    let (source, sizes) = (try view(reader, 0), try sizes(reader))
    guard let result = source.reshaped(sizes) else {
      throw Fault(
        "\(source.sizes) → \(sizes) mixes axes in a way that is no view of bands, frames and channels")
    }
    try define(reader, result)
  }

  mutating func transpose(_ reader: NodeReader) throws {
    let source = try view(reader, 0)
    try define(reader, source.transposed(try ShapeRules.permutation(reader, count: source.axes.count)))
  }

  mutating func slice(_ reader: NodeReader) throws {
    let source = try view(reader, 0)
    guard let sections = try ShapeRules.sections(reader, source.sizes.map(Optional.some)) else {
      throw Fault("what it picks is not constant")
    }
    let cut = sections.filter { axis, section in
      section.map { $0.count != source.sizes[axis] || $0.step < 0 } ?? true
    }
    guard let (axis, section) = cut.first else { return try define(reader, source) }
    guard cut.count == 1, let section, section.count == 1, let roles = source.roles(axis), roles == [.frames]
    else {
      throw Fault("it cuts out a part of its input; only one frame can be picked")
    }
    let isOld = reader.operatorSet < 10
    let starts = try isOld ? reader.integers("starts") : reader.integers(1)
    let axes = try isOld ? reader.integers("axes") : reader.integers(3)
    let place = axes?.firstIndex { ($0 < 0 ? $0 + source.axes.count : $0) == axis } ?? axis
    // Counted from the end where the file counts so: then it means the same at every length.
    let isFromEnd = starts.map { $0.indices.contains(place) && $0[place] < 0 } ?? false
    let frame = isFromEnd ? section.start - source.shape.frames : section.start
    try define(reader, try selected(source, frame, axis, reader, drops: false))
  }

  mutating func gather(_ reader: NodeReader) throws {
    let source = try view(reader, 0)
    guard let indices = try reader.integers(1), let index = indices.first, indices.count == 1 else {
      throw Fault("it picks several places or ones that are not constant; only one frame can be picked")
    }
    let axis = try reader.axis(try reader.integer("axis") ?? 0, of: source.axes.count)
    let drops = reader.shape(1)?.isEmpty ?? true
    guard (reader.shape(1)?.count ?? 0) <= 1 else { throw Fault("its indices have several axes") }
    try define(reader, try selected(source, index, axis, reader, drops: drops))
  }

  /// One place of an axis: of frames, or the only one of any other.
  private mutating func selected(
    _ source: TensorView, _ index: Int, _ axis: Int, _ reader: NodeReader, drops: Bool
  ) throws -> TensorView {
    var result = source
    switch source.roles(axis) {
    case []: break
    case [.frames]:
      let name = name(reader)
      result = try settled(source, name)
      emit(.select(frame: index), name, [result.node])
      result.node = name
      result.shape.frames = 1
      result.axes[axis] = []
    default: throw Fault("it picks one place of an axis that is not frames")
    }
    if drops { result.axes.remove(at: axis) }
    return result
  }

  /// Zeros around the map; the operator that reads them next takes them as its own padding.
  mutating func pad(_ reader: NodeReader) throws {
    var source = try view(reader, 0)
    guard let padding = try ShapeRules.padding(reader, axes: source.axes.count) else {
      throw Fault("its pads are not constant")
    }
    let value = try reader.operatorSet < 11 ? reader.float("value") ?? 0 : constant(reader, 2)?.scalar ?? 0
    let mode = try reader.text("mode") ?? "constant"
    let isEmpty = padding.before.allSatisfy { $0 == 0 } && padding.after.allSatisfy { $0 == 0 }
    if isEmpty { return try define(reader, source) }
    guard mode == "constant", value == 0 else {
      throw Fault("only zeros can be put around a map (mode \(mode), value \(value))")
    }
    source = try withAffine(source, name(reader))
    for axis in source.axes.indices where padding.before[axis] != 0 || padding.after[axis] != 0 {
      guard let roles = source.roles(axis), let role = roles.first, roles.count == 1,
        role == .bands || role == .frames,
        padding.before[axis] >= 0, padding.after[axis] >= 0, source.padding[role] == nil
      else { throw Fault("zeros can be put around bands and frames only, and once") }
      source.padding[role] = (padding.before[axis], padding.after[axis])
    }
    views[reader.node.outputs[0]] = source
  }
}
