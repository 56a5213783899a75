import MtagCore
public import MtagGraph

/// Which tensor of another program's file becomes which parameter of a network, decided by names and shapes alone.
///
/// Names follow PyTorch's `state_dict`, with these freedoms: one prefix that many names share is taken off (`module.`,
/// `model.`), `in_proj_weight` is `in_proj.weight`, a bare parameter `cls_token` is `cls_token.weight`, and
/// `num_batches_tracked` is no weight. Shapes must be equal, or differ only by axes of extent 1 (`[out, in]` and
/// `[out, in, 1, 1]`), or by flattening all axes but the first (a linear layer over a whole map, and a kernel as large as it).
public struct WeightMatch: Sendable, Hashable {
  /// A tensor on offer.
  public struct Source: Sendable, Hashable {
    /// Its name in the file.
    public let name: String
    /// Its shape in the file.
    public let shape: [Int]
    /// Its element type as the file names it: `F32`.
    public let type: String
    /// Whether the elements are floating-point numbers; others are no weights.
    public let isFloat: Bool

    /// Describes a tensor.
    public init(name: String, shape: [Int], type: String = "F32", isFloat: Bool = true) {
      self.name = name
      self.shape = shape
      self.type = type
      self.isFloat = isFloat
    }
  }

  /// What becomes of a parameter.
  public enum Outcome: Sendable, Hashable {
    /// It takes this tensor's values.
    case taken(Source)
    /// It takes this tensor's values; shapes differ in form, not in what they hold.
    case reshaped(Source)
    /// It belongs to the last layer, and this tensor is for other labels: it stays as it was.
    case newHead(Source)
    /// A tensor has its name and a shape that does not fit: it stays as it was.
    case otherShape(Source)
    /// No tensor has its name: it stays as it was.
    case missing
  }

  /// A parameter and what becomes of it.
  public struct Row: Sendable, Hashable {
    /// The network's parameter.
    public let parameter: Parameter
    /// What becomes of it.
    public let outcome: Outcome
  }

  /// A row for each parameter, in the network's order.
  public let rows: [Row]
  /// Tensors that become nothing, in the file's order; counters such as `num_batches_tracked` are not among them.
  public let unused: [Source]
  /// What was taken off the file's names; empty for nothing.
  public let prefix: String
  /// How the file's 2-D kernels are stored.
  public let axes: KernelAxes

  /// Finds a tensor for each parameter.
  /// - Parameters:
  ///   - parameters: the network's, `Graph.parameters()`.
  ///   - sources: the file's tensors; where two have one name, the first counts.
  ///   - head: the node that gives the logits; its parameters are `newHead` where only the number of labels differs.
  ///   - isHeadReplaced: true if the file is known to be for other labels, though perhaps for as many.
  ///   - axes: how the file stores 2-D kernels.
  public init(
    parameters: [Parameter], sources: [Source], head: String? = nil, isHeadReplaced: Bool = false,
    axes: KernelAxes = .bandsFrames
  ) {
    let weights = sources.filter { $0.isFloat && !$0.name.hasSuffix("num_batches_tracked") }
    let prefix = Self.prefix(of: weights.map(\.name), parameters: parameters.map(\.name))
    var byName: [String: Source] = [:]
    // Names that are whole win over those that lose the prefix.
    for source in weights {
      let name = Self.plain(source.name)
      if byName[name] == nil { byName[name] = source }
    }
    if !prefix.isEmpty {
      for source in weights where source.name.hasPrefix(prefix) {
        let name = Self.plain(String(source.name.dropFirst(prefix.count)))
        if byName[name] == nil { byName[name] = source }
      }
    }
    var used: Set<String> = []
    rows = parameters.map { parameter in
      guard let source = Self.alternatives(parameter.name).lazy.compactMap({ byName[$0] }).first else {
        return Row(parameter: parameter, outcome: .missing)
      }
      used.insert(source.name)
      let isHead = head.map { parameter.name.hasPrefix("\($0).") } ?? false
      let shape = WeightShapes.turned(source.shape, axes)
      let outcome: Outcome =
        if isHead && (isHeadReplaced || WeightShapes.differInLabels(shape, parameter.shape)) {
          .newHead(source)
        } else if shape == parameter.shape {
          .taken(source)
        } else if WeightShapes.holdTheSame(shape, parameter.shape) {
          .reshaped(source)
        } else {
          .otherShape(source)
        }
      return Row(parameter: parameter, outcome: outcome)
    }
    unused = sources.filter { !used.contains($0.name) && !$0.name.hasSuffix("num_batches_tracked") }
    self.prefix = prefix
    self.axes = axes
  }

  /// How many parameters take values.
  public var takenCount: Int { rows.count { $0.source != nil } }

  /// Puts the values in their places; all other parameters stay as they are.
  /// - Parameter read: the values of a tensor, row-major in its own shape.
  /// - Throws: what `read` throws; `MtagError` (badData) for a tensor that holds NaN, infinity, a negative variance, or
  ///   another number of values than its shape says.
  public func apply(to weights: inout Weights, read: (Source) throws -> [Float]) throws {
    for row in rows {
      guard let source = row.source else { continue }
      let values = try read(source)
      guard values.count == row.parameter.count else {
        throw MtagError(
          .badData,
          "tensor '\(source.name)' holds \(values.count) values, not the \(row.parameter.count) of its shape")
      }
      guard values.allSatisfy(\.isFinite) else {
        throw MtagError(
          .badData,
          "tensor '\(source.name)' holds NaN, infinity or a number beyond 32 bits; no network can use it")
      }
      guard !row.parameter.name.hasSuffix(".running_var") || values.allSatisfy({ $0 >= 0 }) else {
        throw MtagError(.badData, "tensor '\(source.name)' holds a negative variance")
      }
      weights[row.parameter.name] = WeightShapes.turned(
        values, axes, from: source.shape, to: row.parameter.shape)
    }
  }

  // MARK: - Names

  /// The prefix whose removal lets the most names be parameters; the shortest of those, empty if none helps.
  private static func prefix(of names: [String], parameters: [String]) -> String {
    let known = Set(parameters.flatMap(alternatives))
    var counts: [String: Int] = [:]
    for name in names {
      var start = name.startIndex
      // Names have few dots; a hostile one with thousands costs no more than sixteen looks.
      for _ in 0..<16 {
        if known.contains(plain(String(name[start...]))) { counts[String(name[..<start]), default: 0] += 1 }
        guard let dot = name[start...].firstIndex(of: ".") else { break }
        start = name.index(after: dot)
      }
    }
    let best = counts.max { ($0.value, $1.key.count, $1.key) < ($1.value, $0.key.count, $0.key) }
    return best?.key ?? ""
  }

  /// A file's name as parameters are named here.
  private static func plain(_ name: String) -> String {
    for kind in ["weight", "bias"] where name.hasSuffix("in_proj_\(kind)") {
      return name.dropLast(kind.count + 1) + ".\(kind)"
    }
    return name
  }

  /// The names that a parameter may have in a file, likeliest first.
  private static func alternatives(_ name: String) -> [String] {
    name.hasSuffix(".weight") ? [name, String(name.dropLast(".weight".count))] : [name]
  }
}

extension WeightMatch.Row {
  /// The tensor whose values the parameter takes; nil if it stays as it was.
  public var source: WeightMatch.Source? {
    switch outcome {
    case .taken(let source), .reshaped(let source): source
    case .newHead, .otherShape, .missing: nil
    }
  }
}
