public import MtagFeatures

/// What a caller says about an ONNX file that does not say it itself.
public struct ONNXImportOptions: Sendable {
  /// The features that the network reads, for files without a `feature_spec`; one that differs from the file's is refused.
  public var featureSpec: FeatureSpec?
  /// Whether clips may have several labels; nil for what the file says or its last operator suggests.
  public var isMultiLabel: Bool?
  /// What the axes of the input mean; nil for what its sizes suggest.
  public var meaning: InputMeaning?
  /// The number of frames, where the file leaves it open.
  public var frames: Int?
  /// The output to take for logits; nil for `logits`, or the first one.
  public var output: String?

  /// Leaves all to the file.
  public init(
    featureSpec: FeatureSpec? = nil, isMultiLabel: Bool? = nil, meaning: InputMeaning? = nil,
    frames: Int? = nil,
    output: String? = nil
  ) {
    self.featureSpec = featureSpec
    self.isMultiLabel = isMultiLabel
    self.meaning = meaning
    self.frames = frames
    self.output = output
  }
}
