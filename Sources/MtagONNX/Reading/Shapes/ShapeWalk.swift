/// Goes through the nodes in order and finds the type and shape of every value as far as they follow from the inputs, and
/// the values of those that are computed from constants and shapes alone. What does not fit is collected.
struct ShapeWalk {
  let file: ONNXFile
  let operatorSet: Int
  /// What is known of each value by its name.
  private(set) var values: [String: KnownValue] = [:]
  /// What does not fit, in the order of the file.
  private(set) var problems: [ONNXProblem] = []
  /// Operators whose shapes are not known here, and those of other operator sets, each once.
  private(set) var unchecked: Set<String> = []
  /// Multiply-accumulates of all nodes whose shapes are known.
  private(set) var multiplyAccumulates = 0
  private var computedValues = 0

  /// After so many the rest is not worth reading.
  private static let mostProblems = 200

  /// Walks over a file.
  /// - Parameter sizes: sizes of inputs by name, in place of those that the file leaves open.
  init(_ file: ONNXFile, sizes: [String: [Int]] = [:]) {
    self.file = file
    operatorSet = file.operatorSets[""] ?? 0
    for tensor in file.tensors {
      values[tensor.name] = KnownValue(type: tensor.type, shape: tensor.shape, tensor: tensor)
    }
    for input in file.inputs where values[input.name] == nil {
      let declared = input.axes.map { $0.map(\.fixedSize) }
      values[input.name] = .computed(input.type, sizes[input.name].map { $0.map(Optional.some) } ?? declared)
    }
    for node in file.nodes { visit(node) }
  }

  mutating func add(_ problem: ONNXProblem) {
    if problems.count < Self.mostProblems { problems.append(problem) }
  }

  /// The values of a constant: stored or computed; large ones are read or computed anew each time.
  /// - Throws: `MtagError` (badData) if the file has no such values.
  func constant(_ value: KnownValue) throws -> ONNXConstant? {
    if let constant = value.constant { return constant }
    if let tensor = value.tensor { return try file.constant(tensor) }
    guard let node = value.node else { return nil }
    // As deep as `constantDepth`.
    let inputs = try node.inputs.map { input -> KnownValue? in
      guard var known = input else { return nil }
      known.constant = try constant(known)
      return known
    }
    let reader = NodeReader(node: node.node, inputs: inputs, operatorSet: operatorSet, file: file)
    let limit = max(ONNXLimits.foldedValues, file.bytes.count)
    do {
      return try ConstantFolder.fold(reader, limit: limit)?.constant
    } catch let fault as NodeReader.Fault {
      throw file.bad("\(node.node.title): \(fault.reason)")
    }
  }

  // MARK: - Helpers

  private mutating func visit(_ node: ONNXFile.Node) {
    guard node.domain.isEmpty else { return leave(node, unchecked: "\(node.domain).\(node.type)") }
    let (schema, isKnown) = OperatorSchema.find(node.type, operatorSet: operatorSet)
    guard let schema, isKnown else { return leave(node, unchecked: node.type) }
    let isFoldable = schema.outputs == 1...1
    let inputs = node.inputs.map { name -> KnownValue? in
      guard !name.isEmpty, var value = values[name] else { return nil }
      // Sizes and indices are small; their values decide shapes.
      if value.constant == nil, let tensor = value.tensor, tensor.count <= ONNXLimits.smallValues,
        computedValues <= ONNXLimits.allSmallValues
      {
        value.constant = try? file.constant(tensor)
        computedValues += tensor.count
        values[name] = value
      }
      return value
    }
    let reader = NodeReader(node: node, inputs: inputs, operatorSet: operatorSet, file: file)
    do {
      if schema.isUniform { try requireOneType(reader) }
      if isFoldable, computedValues <= ONNXLimits.allSmallValues,
        let folded = try ConstantFolder.fold(reader, limit: ONNXLimits.smallValues)
      {
        computedValues += folded.constant?.count ?? 0
        set(node, [folded])
        return
      }
      let results = try ShapeRules.outputs(reader)
      let sizes = results.flatMap { $0.shape ?? [] }
      guard sizes.allSatisfy({ ($0 ?? 0) <= ONNXLimits.axisSize }) else {
        throw NodeReader.Fault("it gives more values than any machine holds")
      }
      if isFoldable, let later = later(reader, results) { return set(node, [later]) }
      multiplyAccumulates = multiplyAccumulates.addingClamped(
        try ShapeRules.multiplyAccumulates(reader, results))
      set(node, results)
    } catch let fault as NodeReader.Fault {
      add(ONNXProblem(node.title, fault.reason))
      set(node, [])
    } catch {
      add(ONNXProblem(node.title, "\(error)"))
      set(node, [])
    }
  }

  /// A large constant that is computed from constants, to be computed when it is needed.
  private func later(_ reader: NodeReader, _ results: [KnownValue]) -> KnownValue? {
    guard var result = results.first, ConstantFolder.operators.contains(reader.node.type),
      reader.input(0) != nil,
      reader.inputs.allSatisfy({ $0?.isConstant ?? true })
    else { return nil }
    result.depth = (reader.inputs.compactMap { $0?.depth }.max() ?? 0) + 1
    guard result.depth <= ONNXLimits.constantDepth else { return nil }
    result.node = reader
    return result
  }

  /// Inputs that are all of one type have the same.
  private func requireOneType(_ reader: NodeReader) throws {
    let types = reader.inputs.compactMap { $0?.type }
    if let other = types.first(where: { $0 != types[0] }) {
      throw NodeReader.Fault("its inputs are \(types[0].name) and \(other.name), and must be of one type")
    }
  }

  private mutating func leave(_ node: ONNXFile.Node, unchecked name: String) {
    unchecked.insert(name)
    set(node, [])
  }

  private mutating func set(_ node: ONNXFile.Node, _ results: [KnownValue]) {
    for (index, name) in node.outputs.enumerated() where !name.isEmpty {
      values[name] = results.indices.contains(index) ? results[index] : KnownValue()
    }
  }
}

extension Int {
  /// A sum that stops at the largest number.
  func addingClamped(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// A product that stops at the largest number; for sizes from 0 on.
  func multipliedClamped(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
