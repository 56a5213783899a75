import MtagGraph

/// How many frames of the input one value sees before frames are pooled together.
enum ReceptiveField: Hashable {
  /// So many frames in a row.
  case frames(Int)
  /// All frames, however many there are: something before the pooling looks along the whole clip, such as a recurrent layer,
  /// attention or squeeze-and-excitation.
  case all

  /// The number of frames; nil for all.
  var count: Int? {
    if case .frames(let count) = self { count } else { nil }
  }

  /// The largest field of all values that stand before the pooling over frames.
  static func of(_ graph: Graph) -> ReceptiveField {
    var views = [Graph.inputName: View()]
    for node in graph.nodes {
      views[node.name] = View.of(node.operation, node.inputs.compactMap { views[$0] })
    }
    let weighting = weighting(graph, views)
    var largest = View()
    for node in graph.nodes where !weighting.contains(node.name) {
      if let view = views[node.name], !view.isPooled, view.isLarger(than: largest) { largest = view }
    }
    return largest.seesAll ? .all : .frames(largest.before + largest.after + 1)
  }

  /// The nodes of weighted means over frames. What is multiplied by weights of frames only to be added up belongs to the pooling,
  /// and so do the weights.
  private static func weighting(_ graph: Graph, _ views: [String: View]) -> Set<String> {
    var readers: [String: [Graph.Node]] = [:]
    for node in graph.nodes { for input in node.inputs { readers[input, default: []].append(node) } }
    var result: Set<String> = []
    for node in graph.nodes.reversed() {
      let after = readers[node.name] ?? []
      guard !after.isEmpty else { continue }
      switch node.operation {
      case .multiply:
        let isOfFrames = node.inputs.allSatisfy { views[$0]?.isPooled == false }
        if isOfFrames, after.allSatisfy({ poolsFrames($0.operation) }) { result.insert(node.name) }
      case .softmax(axis: .frames):
        if after.allSatisfy({ result.contains($0.name) }) { result.insert(node.name) }
      default: break
      }
    }
    return result
  }

  /// Whether an operator leaves nothing of the time axis.
  private static func poolsFrames(_ operation: Operation) -> Bool {
    switch operation {
    case .globalAveragePool, .adaptivePool, .select: true
    case .reduce(let attributes): attributes.range != .bands
    default: false
    }
  }

  /// What a value sees of the input.
  private struct View {
    /// Frames before the one it stands at.
    var before = 0
    /// Frames after it.
    var after = 0
    /// Input frames from one value to the next; nil if bands lie between.
    var step: Int? = 1
    /// Whether it sees the whole clip.
    var seesAll = false
    /// Whether frames have been pooled together.
    var isPooled = false

    func isLarger(than other: View) -> Bool {
      seesAll ? !other.seesAll : !other.seesAll && before + after > other.before + other.after
    }

    static func of(_ operation: Operation, _ inputs: [View]) -> View {
      var view = joined(inputs)
      switch operation {
      case .convolution(let attributes):
        view.look(
          attributes.reach.frames, stride: attributes.stride.frames, padding: attributes.padding.frames)
      case .maxPool(let attributes), .averagePool(let attributes):
        view.look(
          attributes.kernel.frames, stride: attributes.stride.frames, padding: attributes.padding.frames)
      case .recurrent, .attention: view.seesAll = true
      case .softmax(let axis): view.seesAll = view.seesAll || axis == .frames
      case .flatten(.bandsIntoFrames), .concatenate(axis: .frames): view.step = nil
      case .globalAveragePool, .adaptivePool, .select, .reduce:
        if poolsFrames(operation) { (view.seesAll, view.isPooled) = (true, true) }
      default: break
      }
      return view
    }

    /// A value that depends on several.
    private static func joined(_ inputs: [View]) -> View {
      guard var view = inputs.first(where: { !$0.isPooled }) ?? inputs.first else { return View() }
      for other in inputs {
        view.before = max(view.before, other.before)
        view.after = max(view.after, other.after)
        view.seesAll = view.seesAll || other.seesAll
      }
      return view
    }

    /// Goes through a window.
    private mutating func look(_ reach: Int, stride: Int, padding: Int) {
      guard reach > 1 || stride > 1 else { return }
      guard let step else {
        seesAll = seesAll || reach > 1
        return
      }
      // Windows may begin before the value that they are counted at, by their padding.
      before += padding * step
      after += (reach - 1 - padding) * step
      self.step = step * stride
    }
  }
}
