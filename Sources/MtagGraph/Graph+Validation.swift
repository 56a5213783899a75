import MtagCore

extension Graph {
  /// Checks names and the order of the nodes.
  func checkNames() throws {
    guard isPlain(name) else {
      throw MtagError(
        .usage, "the network's name is empty, too long or holds control characters; rename it")
    }
    guard (1...GraphLimits.nodes).contains(nodes.count) else {
      throw MtagError(.usage, "\(name): \(nodes.count) nodes are not in 1 … \(GraphLimits.nodes)")
    }
    var known: Set<String> = [Self.inputName]
    var unread: Set<String> = []
    for node in nodes {
      guard isPlain(node.name) else {
        throw MtagError(
          .usage, "\(name): a node's name is empty, too long or holds control characters; rename it")
      }
      guard node.inputs.count == 1 else {
        throw MtagError(
          .usage,
          "\(name): node '\(node.name)' (\(node.operation.label)) reads \(node.inputs.count) values, not 1")
      }
      for input in node.inputs where !known.contains(input) {
        throw MtagError(.usage, "\(name): node '\(node.name)' reads '\(input)', which is not before it")
      }
      guard known.insert(node.name).inserted else {
        throw MtagError(.usage, "\(name): two nodes are named '\(node.name)'")
      }
      unread.subtract(node.inputs)
      unread.insert(node.name)
    }
    if let dead = nodes.dropLast().first(where: { unread.contains($0.name) }) {
      throw MtagError(
        .usage, "\(name): no node reads '\(dead.name)', and it is not the last; connect or remove it")
    }
  }

  /// Checks attributes, shapes and the number of weights.
  func checkSizes() throws {
    guard (1...GraphLimits.bands).contains(inputBands), (1...GraphLimits.channels).contains(inputChannels)
    else {
      throw MtagError(
        .usage,
        "\(name): an input of \(inputBands) bands and \(inputChannels) channels: both must be in 1 … "
          + "\(min(GraphLimits.bands, GraphLimits.channels))"
      )
    }
    for node in nodes { try node.operation.checkAttributes(node: "\(name): \(node.name)") }
    var total = 0
    // Each tensor stays below 2⁵⁶ values by the attributes' limits, and the sum below twice that.
    for parameter in try parameters() {
      total += parameter.count
      guard total <= GraphLimits.weights else {
        throw MtagError(.usage, "\(name): more than \(GraphLimits.weights) weights at '\(parameter.name)'")
      }
    }
  }

  private func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= GraphLimits.nameBytes
      && name.unicodeScalars.allSatisfy { $0.value >= 32 }
  }
}

extension Operation {
  /// Checks the attributes alone; `node` names the place.
  /// - Throws: `MtagError` (usage) naming the attribute and its value.
  func checkAttributes(node: String) throws {
    func check(_ attribute: String, _ value: Int, _ range: ClosedRange<Int>) throws {
      guard range.contains(value) else {
        throw MtagError(
          .usage, "\(node): \(attribute) \(value) is not in \(range.lowerBound) … \(range.upperBound)")
      }
    }
    func check(_ attribute: String, _ extent: Extent, from low: Int) throws {
      try check("\(attribute) (bands)", extent.bands, low...GraphLimits.extent)
      try check("\(attribute) (frames)", extent.frames, low...GraphLimits.extent)
    }
    switch self {
    case .convolution(let attributes):
      try check("channels", attributes.channels, 1...GraphLimits.channels)
      try check("kernel", attributes.kernel, from: 1)
      try check("stride", attributes.stride, from: 1)
      try check("padding", attributes.padding, from: 0)
      try check("dilation", attributes.dilation, from: 1)
      try check("groups", attributes.groups, 1...GraphLimits.channels)
      guard attributes.channels.isMultiple(of: attributes.groups) else {
        throw MtagError(
          .usage,
          "\(node): \(attributes.channels) output channels cannot be split into \(attributes.groups) groups; "
            + "choose groups that divide them")
      }
    case .batchNorm(let attributes):
      guard attributes.epsilon > 0, attributes.epsilon.isFinite else {
        throw MtagError(.usage, "\(node): epsilon \(attributes.epsilon) is not above 0")
      }
      guard (0...1).contains(attributes.momentum) else {
        throw MtagError(.usage, "\(node): momentum \(attributes.momentum) is not in 0 … 1")
      }
    case .maxPool(let attributes):
      try check("kernel", attributes.kernel, from: 1)
      try check("stride", attributes.stride, from: 1)
    case .dropout(let rate):
      guard (0..<1).contains(rate) else {
        throw MtagError(.usage, "\(node): dropout \(rate) is not in 0 ..< 1")
      }
    case .linear(let features): try check("features", features, 1...GraphLimits.channels)
    case .activation, .globalAveragePool: break
    }
  }
}
