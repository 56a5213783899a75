/// Looks whether an ONNX file keeps the rules of the format: names, order, types, attributes, and shapes as far as they
/// follow from each other.
/// - Source: ONNX IR specification (https://onnx.ai/onnx/repo-docs/IR.html) and operator reference.
struct ONNXChecker {
  private let file: ONNXFile
  private var problems: [ONNXProblem] = []
  /// Operators that are not among those known here.
  private(set) var unchecked: [String] = []

  /// Format versions that are defined.
  private static let formatVersions = 3...13

  /// Checks a file.
  static func check(_ file: ONNXFile) -> (problems: [ONNXProblem], unchecked: [String]) {
    var checker = ONNXChecker(file: file)
    checker.checkModel()
    checker.checkTensors()
    checker.checkOrder()
    checker.checkCounts()
    checker.checkAttributes()
    // Shapes mean nothing where names do not hold together.
    if checker.problems.isEmpty { checker.checkShapes() }
    return (checker.problems, checker.unchecked)
  }

  /// What must hold before a file can be translated: each name given once and before it is read, and as many inputs and outputs
  /// as operators have.
  static func structure(of file: ONNXFile) -> [ONNXProblem] {
    var checker = ONNXChecker(file: file)
    checker.checkTensors()
    checker.checkOrder()
    checker.checkCounts()
    return checker.problems
  }

  private init(file: ONNXFile) { self.file = file }

  private mutating func add(_ place: String, _ reason: String) {
    if problems.count < 200 { problems.append(ONNXProblem(place, reason)) }
  }

  private mutating func checkModel() {
    if !Self.formatVersions.contains(file.formatVersion) {
      add(
        "",
        "the format version \(file.formatVersion) is not in \(Self.formatVersions.lowerBound) … \(Self.formatVersions.upperBound)"
      )
    }
    if let version = file.operatorSets[""], !(1...OperatorSchema.newest).contains(version) {
      add("", "the standard operator set \(version) is not in 1 … \(OperatorSchema.newest)")
    } else if file.operatorSets[""] == nil, file.nodes.contains(where: { $0.domain.isEmpty }) {
      add("", "no version of the standard operators is imported, and nodes use them")
    }
    if file.graphName.isEmpty { add("", "the graph has no name") }
    if file.outputs.isEmpty { add("", "the graph has no output") }
    for (list, what) in [(file.inputs, "input"), (file.outputs, "output")] {
      var seen: Set<String> = []
      for value in list {
        if value.name.isEmpty { add(what, "it has no name") }
        if !seen.insert(value.name).inserted {
          add("\(what) '\(value.name)'", "another \(what) has the same name")
        }
        if value.isTensor && value.type == nil {
          add("\(what) '\(value.name)'", "its element type is not said")
        }
      }
    }
    for node in file.nodes where !node.domain.isEmpty && file.operatorSets[node.domain] == nil {
      add(node.title, "its operator set '\(node.domain)' is not imported")
    }
  }

  private mutating func checkTensors() {
    var seen: Set<String> = []
    for tensor in file.tensors {
      let place = "tensor '\(tensor.name)'"
      if tensor.name.isEmpty { add("tensor", "it has no name") }
      if !seen.insert(tensor.name).inserted { add(place, "another tensor has the same name") }
      guard tensor.isExternal else { continue }
      do { _ = try file.externalPlace(tensor) } catch { add(place, "\(error)") }
    }
  }

  /// Every value is given once, and before it is read: so there is no cycle.
  private mutating func checkOrder() {
    var known = Set(file.tensors.map(\.name)).union(file.inputs.map(\.name))
    let given = Set(file.nodes.flatMap(\.outputs))
    for node in file.nodes {
      for input in node.inputs where !input.isEmpty && !known.contains(input) {
        add(
          node.title,
          given.contains(input)
            ? "it reads '\(input)', which only a later node gives: a cycle, or nodes out of order"
            : "it reads '\(input)', which is nowhere")
      }
      for output in node.outputs where !output.isEmpty {
        if !known.insert(output).inserted { add(node.title, "its output '\(output)' was given before") }
      }
    }
    for output in file.outputs where !known.contains(output.name) {
      add("output '\(output.name)'", "no node gives it")
    }
  }

  /// Numbers of inputs and outputs.
  private mutating func checkCounts() {
    func count(_ range: ClosedRange<Int>) -> String {
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) … \(range.upperBound)"
    }
    for node in file.nodes where node.domain.isEmpty {
      guard let schema = OperatorSchema.find(node.type, operatorSet: operatorSet).schema else { continue }
      if !schema.inputs.contains(node.inputs.count) {
        add(node.title, "\(node.inputs.count) inputs, and it has \(count(schema.inputs))")
      }
      for (index, input) in node.inputs.enumerated() where input.isEmpty && index < schema.inputs.lowerBound {
        add(node.title, "input \(index) is left out, and it is needed")
      }
      if !schema.outputs.contains(node.outputs.count) {
        add(node.title, "\(node.outputs.count) outputs, and it has \(count(schema.outputs))")
      }
    }
  }

  /// Operators that are known, and their attributes.
  private mutating func checkAttributes() {
    var unknown: Set<String> = []
    for node in file.nodes {
      if node.type.isEmpty { add(node.title, "it names no operator") }
      guard node.domain.isEmpty else {
        unknown.insert("\(node.domain).\(node.type)")
        continue
      }
      let (schema, isKnown) = OperatorSchema.find(node.type, operatorSet: operatorSet)
      if let schema {
        check(node, schema)
      } else if isKnown {
        add(node.title, "the operator is not in operator set \(operatorSet)")
      } else {
        unknown.insert(node.type)
      }
    }
    unchecked = unknown.sorted()
  }

  private mutating func check(_ node: ONNXFile.Node, _ schema: OperatorSchema) {
    for (name, value) in node.attributes.sorted(by: { $0.key < $1.key }) {
      guard let kind = schema.attributes[name] else {
        add(node.title, "the operator has no attribute '\(name)' in operator set \(operatorSet)")
        continue
      }
      if value.kind != kind && value.kind != "reference" {
        add(node.title, "attribute '\(name)' is \(value.kind), not \(kind)")
      }
    }
    for name in schema.required.sorted() where node.attributes[name] == nil {
      add(node.title, "attribute '\(name)' is missing")
    }
  }

  private var operatorSet: Int { file.operatorSets[""] ?? 0 }

  /// Shapes by inference, and what the file says of them.
  private mutating func checkShapes() {
    let walk = ShapeWalk(file)
    for problem in walk.problems { add(problem.place, problem.reason) }
    for (what, list) in [("value", file.innerValues), ("output", file.outputs)] {
      for declaration in list {
        guard let known = walk.values[declaration.name] else { continue }
        let place = "\(what) '\(declaration.name)'"
        if let type = declaration.type, let found = known.type, type != found {
          add(place, "it is declared \(type.name), and the nodes give \(found.name)")
        }
        guard let axes = declaration.axes, let shape = known.shape else { continue }
        let fits =
          axes.count == shape.count
          && zip(axes, shape).allSatisfy { $0.fixedSize == nil || $1 == nil || $0.fixedSize == $1 }
        if !fits {
          let said = "[" + axes.map(\.text).joined(separator: ", ") + "]"
          add(place, "it is declared \(said), and the nodes give \(ShapeRules.text(shape))")
        }
      }
    }
  }
}
