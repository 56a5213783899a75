import MtagCore
public import MtagGraph

/// Runs one graph with fixed weights, in eval mode (running statistics, no dropout). Belongs to one thread at a time.
public final class InferenceEngine {
  /// Compiles a graph with its weights.
  public init(graph: Graph, weights: Weights, threads: Int) throws { fatalError("room") }

  /// `[batch, bands, frames, channels]` → logits `[batch, labels]`.
  /// - Throws: `MtagError` (usage) if `frames` is below the graph's minimum.
  public func logits(_ inputs: UnsafeBufferPointer<Float>, batch: Int, frames: Int) throws -> [Float] {
    fatalError("room")
  }
}
