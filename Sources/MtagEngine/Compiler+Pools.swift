import MtagGraph

extension Compiler {
  /// The step of an operator that joins, drops or moves values.
  func makePool(_ layer: Layer, _ tensors: StepTensors) -> any Step {
    let (bands, frames) = (tensors.input.shape.bands, tensors.input.shape.frames)
    switch layer.node.operation {
    case .maxPool(let attributes): return slidingPool(attributes, takesLargest: true, tensors)
    case .averagePool(let attributes): return slidingPool(attributes, takesLargest: false, tensors)
    case .adaptivePool(let attributes):
      return PoolStep(
        tensors, takesLargest: attributes.function == .max,
        bands: .adaptive(size: bands, count: attributes.output.bands),
        frames: .adaptive(size: frames, count: attributes.output.frames))
    case .globalAveragePool:
      return reduction(.init(.mean, over: .both), tensors)
    case .reduce(let attributes): return reduction(attributes, tensors)
    case .concatenate(let axis): return ConcatenateStep(tensors, axis: axis)
    case .flatten(let kind): return FlattenStep(tensors, kind: kind)
    case .select(let frame): return SelectStep(tensors, frame: frame)
    default: preconditionFailure("'\(layer.node.operation.label)' is not a pool")
    }
  }

  private func slidingPool(
    _ attributes: Operation.Pool, takesLargest: Bool, _ tensors: StepTensors
  ) -> PoolStep {
    func windows(_ axis: KeyPath<Operation.Extent, Int>, _ size: Int) -> PoolWindows {
      .sliding(
        size: size, kernel: attributes.kernel[keyPath: axis], stride: attributes.stride[keyPath: axis],
        padding: attributes.padding[keyPath: axis], countsPadding: attributes.countsPadding)
    }
    return PoolStep(
      tensors, takesLargest: takesLargest, bands: windows(\.bands, tensors.input.shape.bands),
      frames: windows(\.frames, tensors.input.shape.frames))
  }

  /// One window along the axes that are reduced; along the others each position is a window of its own.
  private func reduction(_ attributes: Operation.Reduction, _ tensors: StepTensors) -> PoolStep {
    func windows(_ size: Int, isReduced: Bool) -> PoolWindows {
      .adaptive(size: size, count: isReduced ? 1 : size, isSum: attributes.function == .sum)
    }
    return PoolStep(
      tensors, takesLargest: attributes.function == .max,
      bands: windows(tensors.input.shape.bands, isReduced: attributes.range != .frames),
      frames: windows(tensors.input.shape.frames, isReduced: attributes.range != .bands))
  }
}
