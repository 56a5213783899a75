/// How an ONNX file is written.
public struct ONNXOptions: Sendable, Hashable {
  /// What the file's graph starts from.
  public enum Input: String, Sendable, CaseIterable {
    /// Feature maps, `[batch, channels, bands, frames]`.
    case features
    /// Mono sound at the spec's rate, `[batch, samples]`: the front end is in the graph.
    case waveform
  }

  /// How a front end in the graph makes spectra.
  public enum Transform: String, Sendable, CaseIterable {
    /// Framing, window and Fourier transform as one convolution: runs everywhere.
    case convolution
    /// ONNX's STFT: smaller files, but not every runtime has it.
    case stft = "operator"
  }

  /// Version of the standard operators: 17 … 21.
  public var opset: Int
  /// What the graph starts from.
  public var input: Input
  /// How spectra are made; nil for a convolution, or the operator for extractors that need double precision.
  public var transform: Transform?
  /// Whether batch norms are folded into the convolutions and linear layers before them.
  public var foldsBatchNorms: Bool
  /// Whether weights of two and more dimensions are stored as 16-bit floats, to be widened when the file is loaded. Those that hold
  /// a value beyond 65,504 stay as they are.
  public var halvesWeights: Bool

  /// The versions this program writes.
  public static let opsets = 17...21

  /// Makes options; what is left out has the default that most runtimes read.
  public init(
    opset: Int = 17, input: Input = .features, transform: Transform? = nil, foldsBatchNorms: Bool = false,
    halvesWeights: Bool = false
  ) {
    self.opset = opset
    self.input = input
    self.transform = transform
    self.foldsBatchNorms = foldsBatchNorms
    self.halvesWeights = halvesWeights
  }

  /// Version of the file format that came with an opset.
  /// - Source: ONNX's "Versioning" page, table of released versions.
  var formatVersion: Int64 {
    switch opset {
    case ...18: 8
    case ...20: 9
    default: 10
    }
  }
}
