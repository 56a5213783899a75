extension ONNXFile {
  /// One operator.
  public struct Node: Sendable {
    /// Its name; may be empty.
    public internal(set) var name = ""
    /// The operator: `Conv`.
    public internal(set) var type = ""
    /// The operator set it belongs to; empty for the standard one.
    public internal(set) var domain = ""
    /// Names of the values it reads; an empty name is an input left out.
    public internal(set) var inputs: [String] = []
    /// Names of the values it gives.
    public internal(set) var outputs: [String] = []
    /// Its attributes by name.
    var attributes: [String: Attribute] = [:]
    /// Its place among the nodes.
    var index = 0

    /// How messages name it: `node 'conv1' (Conv)`, by its place if it has no name.
    public var title: String { name.isEmpty ? "node \(index) (\(type))" : "node '\(name)' (\(type))" }
  }

  /// The value of an attribute.
  enum Attribute: Sendable {
    case integer(Int)
    case float(Float)
    case text(String)
    case integers([Int])
    case floats([Float])
    case texts([String])
    case tensor(Tensor)
    /// A graph, a type, a sparse tensor or a list of such: named, but not read.
    case other(String)

    /// What it is, in messages.
    var kind: String {
      switch self {
      case .integer: "int"
      case .float: "float"
      case .text: "string"
      case .integers: "ints"
      case .floats: "floats"
      case .texts: "strings"
      case .tensor: "tensor"
      case .other(let kind): kind
      }
    }
  }

  /// A stored tensor: what its header says, and where its bytes are.
  public struct Tensor: Sendable {
    /// Its name.
    public internal(set) var name = ""
    /// Its element type; nil for a number that the format does not define.
    public internal(set) var type: ONNXElementType?
    /// Its sizes, row-major; empty for one value.
    public internal(set) var shape: [Int] = []
    /// The element type's number in the file.
    var typeNumber = 0
    /// The message in the file's bytes: values in typed fields are read from it again when they are asked for.
    var message: Range<Int> = 0..<0
    /// Raw bytes, if the values are stored so.
    var raw: Range<Int>?
    /// Values in typed fields, as far as they were counted.
    var typedCount = 0
    /// Key and value of each text about data in another file; empty if the values are in this one.
    var external: [String: String] = [:]
    /// Whether the values are in another file.
    var isExternal = false

    /// How many values there are; the shape was checked not to overflow.
    public var count: Int { shape.reduce(1, *) }
  }

  /// What a file says about a value: its type and sizes.
  public struct Declaration: Sendable {
    /// Its name.
    public internal(set) var name = ""
    /// Its element type; nil if it is not said.
    public internal(set) var type: ONNXElementType?
    /// Its axes; nil if it is not said how many there are.
    public internal(set) var axes: [AxisSize]?
    /// Whether it is a tensor at all.
    public internal(set) var isTensor = true
  }

  /// The size of an axis as a file declares it.
  public enum AxisSize: Sendable, Hashable {
    case fixed(Int)
    case symbolic(String)
    case unknown

    /// The size, if it is a number.
    public var fixedSize: Int? { if case .fixed(let size) = self { size } else { nil } }

    /// `64`, `frames` or `?`
    public var text: String {
      switch self {
      case .fixed(let size): String(size)
      case .symbolic(let name): name
      case .unknown: "?"
      }
    }
  }
}
