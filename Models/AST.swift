// ast-tiny: the audio spectrogram transformer on DeiT-tiny: overlapping patches, two tokens, twelve layers.
// Gong et al., "AST: audio spectrogram transformer", Interspeech 2021, arXiv 2104.01778; code YuanGongND/ast with
// timm's vit_deit_tiny_distilled_patch16_224, whose names of weights it has.
// Input 128 × 1024 (10.2 s), 12 × 101 patches; 16 to 1025 frames. 50 labels: 5,631,218 parameters (field guide: 5.63
// M), 13.3 G multiply-accumulates.
// Deviations: the two tokens have no positions of their own (a sum of two learned vectors is one), which makes 384
// parameters less; positions are a table [bands, frames, width], of which shorter inputs use the first columns, where
// the code cuts one from the middle of it when weights are moved to another length. So the code's v.cls_token,
// v.dist_token and v.pos_embed find no place here by name. No dropout, as in the code.

import MtagCore
public import MtagGraph

/// A vision transformer over a spectrogram.
public struct AST: Architecture {
  /// Width of the tokens.
  public var width = 192
  /// Layers.
  public var layers = 12
  /// Attention heads.
  public var heads = 3
  /// Width of each layer's hidden linear layer.
  public var feedForward = 768
  /// Bands and frames of a patch.
  public var patch = 16
  /// Bands and frames from one patch to the next.
  public var patchStride = 10
  /// Frames of the longest input: there is a learned position for each of its patches.
  public var longestFrames = 1024

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "ast-tiny", summary: "transformer over overlapping 16×16 patches",
    source: "Gong et al., 2021, arXiv 2104.01778", features: "ast", chunkFrames: 1024)

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    for (name, value) in [
      ("width", width), ("layers", layers), ("patch", patch), ("patchStride", patchStride),
    ] { try graph.require(name, [value]) }
    guard graph.inputBands >= patch, (patch...GraphLimits.frames).contains(longestFrames) else {
      throw MtagError(
        .usage,
        "\(graph.name): patches of \(patch) do not fit \(graph.inputBands) bands and \(longestFrames) frames")
    }
    func patches(_ length: Int) -> Int { (length - patch) / patchStride + 1 }
    var x = graph.convolution(
      graph.input, "v.patch_embed.proj", channels: width, kernel: patch, stride: patchStride, padding: 0)
    x = graph.append("v.pos_embed", .positions(.init(patches(graph.inputBands), patches(longestFrames))), x)
    x = graph.append("v.patches", .flatten(.bandsIntoFrames), x)
    x = graph.append("v.tokens", .tokens(count: 2), x)
    for index in 0..<layers { x = layer(&graph, x, "v.blocks.\(index)") }
    let tokens = [0, 1].map { graph.append("v.token\($0)", .select(frame: $0), x) }
    x = graph.concatenate("v.both", tokens, along: .frames)
    x = graph.append("v.norm", .layerNorm(epsilon: 1e-6), x)
    x = graph.reduce(x, "v.mean", .mean, over: .frames)
    x = graph.append("mlp_head.0", .layerNorm(epsilon: 1e-5), x)
    _ = graph.linear(x, "mlp_head.1", features: labels)
  }

  /// A vision transformer's layer: attention and two linear layers, each reading a normalised copy of what it is added to.
  private func layer(
    _ graph: inout GraphBuilder, _ x: GraphBuilder.Value, _ name: String
  ) -> GraphBuilder.Value {
    var y = graph.append("\(name).norm1", .layerNorm(epsilon: 1e-6), x)
    y = graph.linear(y, "\(name).attn.qkv", features: 3 * width)
    y = graph.append("\(name).attn.product", .attention(heads: heads), y)
    y = graph.linear(y, "\(name).attn.proj", features: width)
    let middle = graph.add("\(name).attn.sum", x, y)
    y = graph.append("\(name).norm2", .layerNorm(epsilon: 1e-6), middle)
    y = graph.linear(y, "\(name).mlp.fc1", features: feedForward)
    y = graph.activation(y, "\(name).mlp.gelu", .gelu)
    y = graph.linear(y, "\(name).mlp.fc2", features: width)
    return graph.add("\(name).mlp.sum", middle, y)
  }
}
