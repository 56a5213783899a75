/// The tree of decimated clips that the octaves of a layout are read from: octaves that are reached by the same first halvings
/// share them.
struct ConstantQTree {
  /// One stream of samples: the clip, or another stream decimated.
  struct Node {
    /// The stream it comes from; nil for the clip, which is node 0.
    let parent: Int?
    let filter: HalvingFilter?
    /// How many halvings lead from the clip to it.
    let depth: Int

    /// Samples of one transform of its decimation. Long blocks take less time, but slow streams fill theirs late, and the
    /// faster ones must wait with their samples.
    var blockLength: Int { depth == 1 ? 2048 : 1024 }
  }

  /// Parents stand before their children.
  private(set) var nodes = [Node(parent: nil, filter: nil, depth: 0)]
  /// For each octave of the layout, the node that it is read from.
  private(set) var octaveNodes: [Int] = []

  init(_ layout: ConstantQLayout) {
    var places: [[HalvingFilter]: Int] = [[]: 0]
    for octave in layout.octaves {
      var node = 0
      for depth in octave.halvings.indices {
        let road = Array(octave.halvings[...depth])
        let next = places[road] ?? nodes.count
        if next == nodes.count {
          nodes.append(Node(parent: node, filter: octave.halvings[depth], depth: depth + 1))
          places[road] = next
        }
        node = next
      }
      octaveNodes.append(node)
    }
  }
}
