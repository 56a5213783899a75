import MtagGraph
import MtagKernelTypes

/// Which nodes run as one step.
extension Compiler {
  /// Nodes that run as one step.
  struct Group {
    enum Kind { case firstBlock, trainedBlock, foldedBlock, norm, single }
    let kind: Kind
    var layers: [Layer]
    /// The batch norm behind a convolution.
    var norm: Layer?
    /// What follows a convolution, a norm or a single operator.
    var activation: ActivationFunction?
    /// What follows that.
    var pool = WinogradEnding.Pool.none
    /// How a convolution is done.
    var way = ConvolutionWay.patches
    var first: Layer { layers[0] }
    var last: Layer { layers[layers.count - 1] }
  }

  func fuse(_ layers: [Layer]) -> [Group] {
    let chains = LayerChains(layers, keptValues: keptValues)
    var groups: [Group] = []
    var index = 0
    while index < layers.count {
      let rest = chains.chain(from: index)
      let readsInputAlone = index == 0 && chains.readers(of: Graph.inputName) == 1
      var group = group(rest, readsInputAlone: readsInputAlone)
      // Dropout does nothing in inference, so it is part of what comes before.
      while !isTraining, group.layers.count < rest.count,
        case .dropout = rest[rest.startIndex + group.layers.count].node.operation
      {
        group.layers.append(rest[rest.startIndex + group.layers.count])
      }
      groups.append(group)
      index += group.layers.count
    }
    return groups
  }

  private func group(_ layers: ArraySlice<Layer>, readsInputAlone: Bool) -> Group {
    guard let first = layers.first else { preconditionFailure("a group needs a layer") }
    var ending = Ending(layers.dropFirst())
    switch first.node.operation {
    case .convolution(let attributes):
      let way = ConvolutionWay(first, attributes, isTraining: isTraining)
      if first.input.channels == 1, attributes.isWinograd, !attributes.hasBias,
        readsInputAlone || !isTraining && readsThinNorm(first)
      {
        var block = ending
        let norm = block.takeNorm()
        if norm != nil, block.takeActivation([.relu]) == .relu, block.takePool() == .largest {
          return Group(kind: .firstBlock, layers: Array(layers.prefix(4)), norm: norm)
        }
      }
      guard isTraining else {
        var group = Group(kind: .foldedBlock, layers: [first], way: way)
        group.norm = ending.takeNorm()
        group.activation = ending.takeActivation()
        if way == .winograd, [nil, .relu, .relu6].contains(group.activation) {
          group.pool = ending.takePool()
        }
        group.layers += ending.taken
        return group
      }
      // Only Winograd's blocks are trained as one.
      guard way == .winograd, let norm = ending.takeNorm() else {
        return Group(kind: .single, layers: [first], way: way)
      }
      var group = Group(kind: .trainedBlock, layers: [first], norm: norm, way: way)
      takeNormEnding(&group, &ending)
      return group
    case .batchNorm(let attributes) where attributes.axis == .channels:
      var group = Group(kind: .norm, layers: [first], norm: first)
      takeNormEnding(&group, &ending)
      return group
    case .add, .multiply:
      var group = Group(kind: .single, layers: [first])
      if !isTraining { group.activation = ending.takeActivation() }
      group.layers += ending.taken
      return group
    case .linear:
      guard !isTraining else { return Group(kind: .single, layers: [first]) }
      // At each pixel a product with the same weights: a convolution of one tap.
      var group = Group(kind: .foldedBlock, layers: [first])
      group.activation = ending.takeActivation()
      group.layers += ending.taken
      return group
    default: return Group(kind: .single, layers: [first])
    }
  }

  /// What the norm's kernels do in the same pass: ReLU and a 2×2 max pool; in inference other activations without a pool.
  private func takeNormEnding(_ group: inout Group, _ ending: inout Ending) {
    group.activation = ending.takeActivation(isTraining ? [.relu] : Operation.Activation.allCases)
    if [nil, .relu].contains(group.activation), ending.nextPool == .largest {
      group.pool = ending.takePool()
    }
    group.layers += ending.taken
  }

  /// What follows a layer, taken one by one.
  private struct Ending {
    private var rest: ArraySlice<Layer>
    private(set) var taken: [Layer] = []

    init(_ rest: ArraySlice<Layer>) { self.rest = rest }

    mutating func takeNorm() -> Layer? {
      guard let next = rest.first, case .batchNorm(let attributes) = next.node.operation,
        attributes.axis == .channels
      else { return nil }
      take(next)
      return next
    }

    mutating func takeActivation(
      _ allowed: [Operation.Activation] = Operation.Activation.allCases
    ) -> ActivationFunction? {
      guard let next = rest.first, case .activation(let function) = next.node.operation,
        allowed.contains(function)
      else { return nil }
      take(next)
      return ActivationFunction(function)
    }

    /// The pool of 2×2 windows that comes next.
    var nextPool: WinogradEnding.Pool {
      let square = Operation.Extent(2, 2)
      switch rest.first?.node.operation {
      case .maxPool(.init(kernel: square, stride: square)): return .largest
      case .averagePool(let pool)
      where pool.kernel == square && pool.stride == square && pool.padding == .init(0, 0): return .mean
      default: return .none
      }
    }

    mutating func takePool() -> WinogradEnding.Pool {
      let pool = nextPool
      if pool != .none, let next = rest.first { take(next) }
      return pool
    }

    private mutating func take(_ layer: Layer) {
      taken.append(layer)
      rest = rest.dropFirst()
    }
  }
}
