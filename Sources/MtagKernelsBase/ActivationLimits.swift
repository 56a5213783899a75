import MtagKernelTypes

/// An activation at the end of a convolution: ReLU and ReLU6 are bounds that cost next to nothing while the value is in a register;
/// the others are a short pass over what was just written.
struct ActivationLimits {
  let floor: Lanes
  let ceiling: Lanes
  /// The function that is no bound; nil for none.
  let rest: ActivationFunction?

  @inline(__always) init(_ function: ActivationFunction?) {
    let isBound = function == .relu || function == .relu6
    floor = isBound ? .zero : Lanes(repeating: -.infinity)
    ceiling = Lanes(repeating: function == .relu6 ? 6 : .infinity)
    rest = isBound ? nil : function
  }

  @inline(__always) func apply(_ value: Lanes) -> Lanes { smaller(larger(value, floor), ceiling) }
}
