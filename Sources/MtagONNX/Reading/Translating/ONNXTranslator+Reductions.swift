import MtagGraph

/// Reductions, softmax and concatenation.
extension ONNXTranslator {
  mutating func reduction(_ reader: NodeReader) throws {
    let name = name(reader)
    let source = try settled(try view(reader, 0), name)
    let count = source.axes.count
    let inputSince = reader.node.type == "ReduceSum" ? 13 : 18
    guard let argument = try reader.axesArgument(inputSince: inputSince) else {
      throw Fault("its axes are not constant")
    }
    let given = try reader.axes(argument ?? [], of: count)
    if given.isEmpty, try reader.integer("noop_with_empty_axes") ?? 0 != 0 {
      return try define(reader, source)
    }
    let axes = given.isEmpty ? Array(0..<count) : given
    let keeps = try reader.integer("keepdims") ?? 1 != 0
    var roles: Set<Role> = []
    for axis in axes {
      guard let along = source.roles(axis), !along.contains(.batch), !along.contains(.channels) else {
        throw Fault("it reduces over axis \(axis), which is not bands or frames")
      }
      roles.formUnion(along)
    }
    let function: Operation.Reduction.Function =
      reader.node.type == "ReduceMax" ? .max : reader.node.type == "ReduceSum" ? .sum : .mean
    var result = source
    if !roles.isEmpty {
      let range: Operation.Reduction.Range =
        roles.count == 2 ? .both : roles.contains(.bands) ? .bands : .frames
      emit(
        range == .both && function == .mean ? .globalAveragePool : .reduce(.init(function, over: range)),
        name, [source.node])
      result.node = name
      for role in roles { result.shape[role] = 1 }
    }
    result.axes = source.axes.indices.compactMap { axis in
      axes.contains(axis) ? (keeps ? [] : nil) : source.axes[axis]
    }
    try define(reader, result)
  }

  mutating func softmax(_ reader: NodeReader) throws {
    let name = name(reader)
    var source = try settled(try view(reader, 0), name)
    let count = source.axes.count
    let axis = try reader.axis(try reader.integer("axis") ?? (reader.operatorSet < 13 ? 1 : -1), of: count)
    guard reader.operatorSet >= 13 || axis == count - 1 else {
      throw Fault("softmax over several axes (operator sets before 13)")
    }
    guard let roles = source.roles(axis), roles.count == 1, let role = roles[0].axis else {
      throw Fault("axis \(axis) is not one of bands, frames and channels")
    }
    emit(.softmax(axis: role), name, [source.node])
    source.node = name
    try define(reader, source)
  }

  mutating func concatenation(_ reader: NodeReader) throws {
    let name = name(reader)
    var parts = try reader.node.inputs.indices.map { try settled(try view(reader, $0), name) }
    guard let count = parts.first?.axes.count else { throw Fault("it has no input") }
    let axis = try reader.axis(try reader.integer("axis") ?? 0, of: count)
    if parts.contains(where: { ($0.roles(axis)?.count ?? 2) > 1 }) {
      parts = try parts.map { try channelled($0, axis, name) }
    }
    let roles = Set(parts.flatMap { $0.roles(axis) ?? [] })
    let free = ([.channels, .bands, .frames] as [Role]).filter { role in
      parts.allSatisfy { part in
        part.axes.indices.allSatisfy { $0 == axis || !(part.roles($0) ?? []).contains(role) }
      }
    }
    guard roles.count <= 1, let role = roles.first ?? free.first, let joined = role.axis else {
      throw Fault("its inputs run along different axes there")
    }
    guard parts.allSatisfy({ $0.order == nil }) else {
      throw Fault("channels in another order cannot be put together")
    }
    var result = parts[0]
    result.shape[role] = parts.reduce(0) { $0 + $1.shape[role] }
    for part in parts {
      for other in part.axes.indices where other != axis && part.axes[other] != parts[0].axes[other] {
        throw Fault("its inputs differ beside axis \(axis)")
      }
    }
    result.axes[axis] = TensorView.full(role, result.shape)
    if parts.count > 1 {
      emit(.concatenate(axis: joined), name, parts.map(\.node))
      result.node = name
    }
    try define(reader, result)
  }
}
