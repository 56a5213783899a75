/// What a node computes. One case an operator, with its attributes; `Graph` is a list of these.
public enum Operation: Hashable, Sendable {
  /// 2-D convolution over bands and frames.
  case convolution(Convolution)
  /// Batch normalisation of each channel over batch, bands and frames.
  case batchNorm(BatchNorm)
  /// An element-wise function.
  case activation(Activation)
  /// Maximum over windows of bands and frames.
  case maxPool(Pool)
  /// Mean over all bands and frames.
  case globalAveragePool
  /// In training, zeroes values with probability `rate` and scales the rest by 1 / (1 − rate); else the identity.
  case dropout(rate: Float)
  /// A matrix product over channels, with bias: `[batch, 1, 1, in]` → `[batch, 1, 1, features]`.
  case linear(features: Int)

  /// Attributes of a convolution; sizes are (bands, frames).
  public struct Convolution: Hashable, Sendable {
    /// Output channels.
    public var channels: Int
    /// Kernel size.
    public var kernel: Extent
    /// Steps from one window to the next.
    public var stride: Extent
    /// Zeros on each side.
    public var padding: Extent
    /// Steps from one tap of the kernel to the next; 1×1 for a kernel without holes.
    public var dilation: Extent
    /// Groups of channels that do not see each other: output channels of a group read the input channels of the same group. It
    /// divides both numbers of channels; as many groups as input channels make a depthwise convolution.
    public var groups: Int
    /// Whether a bias is added for each output channel.
    public var hasBias: Bool

    /// Makes a convolution's attributes.
    public init(
      channels: Int, kernel: Extent, stride: Extent, padding: Extent, dilation: Extent = .init(1, 1),
      groups: Int = 1, hasBias: Bool
    ) {
      self.channels = channels
      self.kernel = kernel
      self.stride = stride
      self.padding = padding
      self.dilation = dilation
      self.groups = groups
      self.hasBias = hasBias
    }

    /// Bands and frames from the first tap of the kernel to its last, both included.
    public var reach: Extent {
      Extent(dilation.bands * (kernel.bands - 1) + 1, dilation.frames * (kernel.frames - 1) + 1)
    }

    /// `conv 3×3 /2×2 dilated 2×2 in 4 groups`; `depthwise` for one output channel a group.
    var label: String {
      let one = Extent(1, 1)
      let words = [
        "conv \(kernel)", stride == one ? "" : "/\(stride)", dilation == one ? "" : "dilated \(dilation)",
        groups == 1 ? "" : groups == channels ? "depthwise" : "in \(groups) groups",
      ]
      return words.filter { !$0.isEmpty }.joined(separator: " ")
    }
  }

  /// Attributes of a batch norm.
  public struct BatchNorm: Codable, Hashable, Sendable {
    /// Added to the variance before the root.
    public var epsilon: Float
    /// Share of a batch's statistics in the running ones (PyTorch's meaning of momentum).
    public var momentum: Float

    /// PyTorch's defaults: 1e-5 and 0.1.
    public init(epsilon: Float = 1e-5, momentum: Float = 0.1) {
      self.epsilon = epsilon
      self.momentum = momentum
    }
  }

  /// An element-wise function.
  public enum Activation: String, Codable, Hashable, Sendable {
    /// max(0, x)
    case relu
  }

  /// Attributes of a pool; windows do not overlap the border, a rest is dropped (PyTorch's `ceil_mode=False`).
  public struct Pool: Codable, Hashable, Sendable {
    /// Window size.
    public var kernel: Extent
    /// Steps from one window to the next.
    public var stride: Extent

    /// Makes a pool's attributes.
    public init(kernel: Extent, stride: Extent) {
      self.kernel = kernel
      self.stride = stride
    }
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
  public var label: String {
    switch self {
    case .convolution(let attributes): return attributes.label
    case .batchNorm: return "batch norm"
    case .activation(let function): return function.rawValue
    case .maxPool(let attributes): return "max pool \(attributes.kernel)"
    case .globalAveragePool: return "global average pool"
    case .dropout(let rate): return "dropout \(rate)"
    case .linear: return "linear"
    }
  }
}
