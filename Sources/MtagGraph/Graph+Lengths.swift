import MtagCore

/// How short and how long an input may be.
extension Graph {
  /// The shortest input, in frames, that reaches the last node.
  /// - Throws: `MtagError` (usage) if no length up to 2²⁰ frames does: then there are too few bands.
  public func minimumFrames() throws -> Int {
    let sources = sourceIndices()
    var low = 0
    var high = GraphLimits.frames
    // Nearly every network takes a few hundred frames, and small sizes are looked at sooner.
    var probe = 1
    while probe < high {
      if reachesEnd(frames: probe, sources) {
        high = probe
        break
      }
      low = probe
      probe *= 4
    }
    _ = try layers(frames: high, isBounded: false)
    while high - low > 1 {
      let middle = (low + high) / 2
      if reachesEnd(frames: middle, sources) { high = middle } else { low = middle }
    }
    return high
  }

  /// What each node reads, as places in a list that begins with the graph's input.
  private func sourceIndices() -> [[Int]] {
    var places = [Self.inputName: 0]
    for (index, node) in nodes.enumerated() { places[node.name] = index + 1 }
    return nodes.map { $0.inputs.compactMap { places[$0] } }
  }

  /// Whether `layers` finds something at every node: the same without weights and words, for who asks for many lengths.
  private func reachesEnd(frames: Int, _ sources: [[Int]]) -> Bool {
    var shapes = [TensorShape(bands: inputBands, frames: frames, channels: inputChannels)]
    shapes.reserveCapacity(nodes.count + 1)
    for (node, source) in zip(nodes, sources) {
      let inputs = source.map { shapes[$0] }
      let rule = node.operation.rule
      guard !inputs.isEmpty, let output = try? rule.outputShape(of: inputs, node: node.name),
        output.bands >= 1,
        output.frames >= 1, output.channels >= 1,
        let count = checkedProduct(output.bands, output.frames, output.channels), count <= GraphLimits.values,
        rule.multiplyAccumulates(inputs: inputs, output: output) != nil
      else { return false }
      shapes.append(output)
    }
    return true
  }

  /// The longest input, in frames, that every node takes; nil for any length.
  /// - Throws: `MtagError` (usage) if the shortest is already too long.
  public func maximumFrames() throws -> Int? {
    guard nodes.contains(where: { $0.operation.rule.longestInput != nil }) else { return nil }
    var low = try minimumFrames()
    _ = try layers(frames: low)
    var high = GraphLimits.frames + 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if (try? layers(frames: middle)) == nil { high = middle } else { low = middle }
    }
    return low
  }
}
