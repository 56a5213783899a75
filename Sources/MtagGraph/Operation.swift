/// What a node computes. One case an operator, with its attributes; `Graph` is a list of these.
///
/// Shapes are `[batch, bands, frames, channels]`. What each operator gives, which weights it has and what it costs stands in a
/// file of its own, in `Operators`.
public enum Operation: Hashable, Sendable {
  /// 2-D convolution over bands and frames.
  case convolution(Convolution)
  /// Batch normalisation of each channel over batch, bands and frames, or of each band.
  case batchNorm(BatchNorm)
  /// Normalisation of each pixel over its channels, with a learned scale and shift.
  case layerNorm(epsilon: Float)
  /// An element-wise function.
  case activation(Activation)
  /// exp(x) divided by its sum along an axis.
  case softmax(axis: Axis)
  /// Maximum over windows of bands and frames.
  case maxPool(Pool)
  /// Mean over windows of bands and frames.
  case averagePool(Pool)
  /// Mean or maximum over as many windows as the output shall have.
  case adaptivePool(AdaptivePool)
  /// Mean over all bands and frames.
  case globalAveragePool
  /// Mean, maximum or sum along bands, frames or both, of which one is left.
  case reduce(Reduction)
  /// In training, zeroes values with probability `rate` and scales the rest by 1 / (1 − rate); else the identity.
  case dropout(rate: Float)
  /// A matrix product over the channels of each pixel: `[batch, bands, frames, in]` → `[batch, bands, frames, features]`.
  case linear(features: Int, hasBias: Bool = true)
  /// The sum of several values; an axis of length 1 is repeated.
  case add
  /// The product of two values; an axis of length 1 is repeated.
  case multiply
  /// Several values one behind the other along an axis.
  case concatenate(axis: Axis)
  /// Bands put into another axis.
  case flatten(Flattening)
  /// One frame: 0 is the first, −1 the last.
  case select(frame: Int)
  /// Learned frames put in front: `[batch, 1, frames, channels]` → `[batch, 1, count + frames, channels]`.
  case tokens(count: Int)
  /// Adds a learned value for each band, frame and channel; `Extent` is the size of the table, of which shorter inputs use the
  /// first frames.
  case positions(Extent)
  /// Recurrent layers along frames.
  case recurrent(Recurrent)
  /// Scaled dot-product attention between frames: queries, keys and values stand behind each other in the channels,
  /// `[batch, 1, frames, 3 · channels]` → `[batch, 1, frames, channels]`.
  case attention(heads: Int)
  /// Triangles on the harmonics of a scale of notes, with one learned width, over a power spectrogram.
  case harmonicFilter(HarmonicFilter)
  /// 10 · log10(max(x, floor))
  case decibel(floor: Float)

  /// An axis of a value.
  public enum Axis: String, Codable, Hashable, Sendable, CaseIterable {
    /// Along the frequency axis.
    case bands
    /// Along the time axis.
    case frames
    /// Across channels.
    case channels
  }

  /// An element-wise function.
  public enum Activation: String, Codable, Hashable, Sendable, CaseIterable {
    /// max(0, x)
    case relu
    /// min(max(0, x), 6)
    case relu6
    /// x above 0, exp(x) − 1 below.
    case elu
    /// x · Φ(x) with the Gaussian distribution function Φ, by erf.
    case gelu
    /// x · sigmoid(x)
    case silu
    /// x · relu6(x + 3) / 6
    case hardSwish
    /// relu6(x + 3) / 6
    case hardSigmoid
    /// 1 / (1 + exp(−x))
    case sigmoid
    /// The hyperbolic tangent.
    case tanh
  }

  /// Where `flatten` puts bands.
  public enum Flattening: String, Codable, Hashable, Sendable, CaseIterable {
    /// `[batch, bands, frames, channels]` → `[batch, 1, frames, channels · bands]`, channel c of band b at c · bands + b: the order
    /// of PyTorch's `[channels, bands]`.
    case bandsIntoChannels
    /// `[batch, bands, frames, channels]` → `[batch, 1, bands · frames, channels]`, a band's frames behind the former's.
    case bandsIntoFrames
  }

  /// A size in bands and frames.
  public struct Extent: Codable, Hashable, Sendable, CustomStringConvertible {
    /// Along the frequency axis.
    public var bands: Int
    /// Along the time axis.
    public var frames: Int

    /// Makes an extent.
    public init(_ bands: Int, _ frames: Int) {
      self.bands = bands
      self.frames = frames
    }

    /// `bands×frames`
    public var description: String { "\(bands)×\(frames)" }
  }

  /// The operator's name in tables: `conv 3×3`, `max pool 2×2`.
  public var label: String { rule.label }
}
