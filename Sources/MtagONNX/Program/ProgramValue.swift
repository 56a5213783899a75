/// The declaration of an input or output of 32-bit floats.
package struct ProgramValue: Sendable, Hashable {
  /// Its name.
  package var name: String
  /// Its dimensions.
  package var dimensions: [Dimension]

  /// Declares a value.
  package init(_ name: String, _ dimensions: [Dimension]) {
    self.name = name
    self.dimensions = dimensions
  }

  /// A size, fixed or symbolic, and what it counts in ONNX's standard words.
  package struct Dimension: Sendable, Hashable {
    /// A number, or a symbol by name.
    package enum Size: Sendable, Hashable {
      case fixed(Int)
      case symbolic(String)
    }

    /// How many.
    package var size: Size
    /// What of, such as `DATA_BATCH`; nil if no standard word says it.
    package var denotation: String?

    /// Describes a dimension.
    package init(_ size: Size, _ denotation: String? = nil) {
      self.size = size
      self.denotation = denotation
    }

    /// Clips.
    package static let batch = Dimension(.symbolic("batch"), "DATA_BATCH")
  }

  /// What the whole value is, in ONNX's standard words (`AUDIO`); nil if none says it.
  package var denotation: String?
}
