import MtagCore
import MtagGraph

/// How a layer is written: its attributes, and which of them may stand alone behind the colon.
struct OperatorForm: Sendable {
  /// What names of such layers begin with when they have none of their own.
  let base: String
  /// The attribute that may be written alone: `linear: 64` is `linear: {features: 64}`.
  let main: String?
  /// Attributes that must be there.
  let required: [String]
  /// Attributes that have defaults.
  let optional: [String]
  /// Keys besides `name`, `from` and `if` that stand beside the operator's.
  let beside: [String]
  /// Whether its value is a list of layers (or a list of lists), or a number of repetitions.
  let isGroup: Bool

  private init(
    _ base: String, main: String? = nil, required: [String] = [], optional: [String] = [],
    beside: [String] = [],
    isGroup: Bool = false
  ) {
    self.base = base
    self.main = main
    self.required = required
    self.optional = optional
    self.beside = beside
    self.isGroup = isGroup
  }

  /// All attributes.
  var attributes: [String] { required + optional }

  /// Keys that every layer may have.
  static let common = ["name", "from", "if"]

  /// The element-wise functions by their names in files.
  static let activations: [String: Operation.Activation] = [
    "relu": .relu, "relu6": .relu6, "elu": .elu, "gelu": .gelu, "silu": .silu, "hard_swish": .hardSwish,
    "hard_sigmoid": .hardSigmoid, "sigmoid": .sigmoid, "tanh": .tanh,
  ]

  /// Every layer by its name.
  static let all: [String: OperatorForm] = {
    let window = ["stride", "padding"]
    var forms: [String: OperatorForm] = [
      "conv": .init(
        "conv", required: ["channels", "kernel"], optional: window + ["dilation", "groups", "bias"]),
      "depthwise": .init(
        "depthwise", main: "kernel", required: ["kernel"],
        optional: window + ["dilation", "multiplier", "bias"]),
      "batch_norm": .init("norm", optional: ["axis", "epsilon", "momentum", "scale"]),
      "layer_norm": .init("norm", optional: ["epsilon"]),
      "softmax": .init("softmax", main: "axis", required: ["axis"]),
      "max_pool": .init("pool", main: "kernel", required: ["kernel"], optional: window),
      "average_pool": .init(
        "pool", main: "kernel", required: ["kernel"], optional: window + ["counts_padding"]),
      "adaptive_pool": .init("pool", required: ["function", "size"]),
      "mean": .init("mean", main: "over", required: ["over"]),
      "max": .init("max", main: "over", required: ["over"]),
      "sum": .init("sum", main: "over", required: ["over"]),
      "dropout": .init("dropout", main: "rate", required: ["rate"]),
      "linear": .init("linear", main: "features", required: ["features"], optional: ["bias"]),
      "add": .init("add", main: "of", required: ["of"]),
      "multiply": .init("multiply", main: "of", required: ["of"]),
      "concat": .init("concat", main: "of", required: ["of"], optional: ["axis"]),
      "flatten": .init("flatten", main: "into", required: ["into"]),
      "select": .init("select", main: "frame", required: ["frame"]),
      "tokens": .init("tokens", main: "count", required: ["count"]),
      "positions": .init("positions", main: "size", required: ["size"]),
      "gru": .init("gru", main: "hidden", required: ["hidden"], optional: ["layers", "bidirectional"]),
      "lstm": .init("lstm", main: "hidden", required: ["hidden"], optional: ["layers", "bidirectional"]),
      "attention": .init("attention", main: "heads", required: ["heads"], optional: ["bias"]),
      "attention_core": .init("attention", main: "heads", required: ["heads"]),
      "attention_pool": .init("pool"),
      "squeeze_excite": .init("se", optional: ["hidden", "reduction", "inner", "gate"]),
      "harmonic_filter": .init(
        "harmonic", optional: ["sample_rate", "harmonics", "lowest_hz", "bands", "bands_per_semitone"]),
      "decibel": .init("decibel", main: "floor", required: ["floor"]),
      "repeat": .init("block", beside: ["layers"], isGroup: true),
      "group": .init("group", isGroup: true),
      "residual": .init("residual", beside: ["shortcut"], isGroup: true),
      "branches": .init("branches", beside: ["join", "axis"], isGroup: true),
    ]
    for name in activations.keys { forms[name] = .init(name) }
    return forms
  }()

  /// The names of all layers, in order.
  static let names: [String] = all.keys.sorted(by: naturalOrder)
}
