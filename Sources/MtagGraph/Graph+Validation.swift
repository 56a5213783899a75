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
      let wanted = node.operation.rule.inputCount
      guard wanted.contains(node.inputs.count) else {
        let count =
          wanted.lowerBound == wanted.upperBound ? "\(wanted.lowerBound)" : "\(wanted.lowerBound) or more"
        throw MtagError(
          .usage,
          "\(name): node '\(node.name)' (\(node.operation.label)) reads \(node.inputs.count) values, not \(count)"
        )
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
    for node in nodes { try node.operation.rule.checkAttributes(node: "\(name): \(node.name)") }
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
