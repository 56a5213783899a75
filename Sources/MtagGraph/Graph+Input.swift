extension Graph {
  /// Whether the input must reach the network as the features are, not standardised: a harmonic filter adds up power, which has
  /// no meaning once a mean is taken off.
  public var readsPower: Bool {
    nodes.contains { node in
      if case .harmonicFilter = node.operation { node.inputs.contains(Self.inputName) } else { false }
    }
  }
}
