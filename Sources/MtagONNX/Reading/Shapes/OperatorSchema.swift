/// The form of an operator: how many inputs and outputs it has, and which attributes, in which operator sets.
/// - Source: the ONNX operator reference, https://onnx.ai/onnx/operators.
struct OperatorSchema {
  let name: String
  /// The operator sets that this form belongs to.
  let versions: ClosedRange<Int>
  let inputs: ClosedRange<Int>
  let outputs: ClosedRange<Int>
  /// The kind of each attribute.
  let attributes: [String: String]
  let required: Set<String>
  /// The operator sets that attributes came with, where the form is older.
  let firstSets: [String: Int]
  /// Whether all inputs that have values of their own have the type of the first.
  let isUniform: Bool

  /// The newest operator set whose changes are known here.
  static let newest = 26

  private init(
    _ name: String, _ inputs: ClosedRange<Int>, _ attributes: String = "", outputs: ClosedRange<Int> = 1...1,
    since: Int = 1, until: Int = Self.newest, isUniform: Bool = false
  ) {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.isUniform = isUniform
    versions = since...until
    var kinds: [String: String] = [:]
    var required: Set<String> = []
    var firstSets: [String: Int] = [:]
    for word in attributes.split(separator: " ") {
      let parts = word.split(separator: ":").map(String.init)
      // `name:kind:14` came with operator set 14.
      if parts.count > 2 { firstSets[parts[0]] = Int(parts[2]) }
      let isRequired = parts[0].hasSuffix("!")
      let attribute = isRequired ? String(parts[0].dropLast()) : parts[0]
      kinds[attribute] = parts[1]
      if isRequired { required.insert(attribute) }
    }
    self.attributes = kinds
    self.firstSets = firstSets
    self.required = required
  }

  /// The form of an operator in an operator set, and whether the operator is known at all: forms from before 2018 are not.
  static func find(_ name: String, operatorSet: Int) -> (schema: OperatorSchema?, isKnown: Bool) {
    guard let forms = table[name] else { return (nil, false) }
    let schema = forms.first { $0.versions.contains(operatorSet) }
    return (schema, schema != nil || operatorSet >= firstKnownSet || newcomers.contains(name))
  }

  /// From here on all forms of the operators below are known.
  private static let firstKnownSet = 9
  /// Operators that older operator sets do not have.
  private static let newcomers: Set<String> = [
    "Where", "Erf", "ConstantOfShape", "Range", "Round", "CastLike", "Mod", "Expand", "Sin", "Cos",
    "LayerNormalization", "STFT",
    "HardSwish", "Swish", "Gelu", "Mish",
  ]

  private static let many = 1...(1 << 16)
  private static let table = Dictionary(grouping: all, by: \.name)

  private static let all: [OperatorSchema] =
    windows + recurrent + layout + pointwise
    + [
      "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL2", "ReduceLogSumExp", "ReduceSumSquare",
    ].flatMap {
      [
        OperatorSchema($0, 1...1, "axes:ints keepdims:int", until: 17),
        OperatorSchema($0, 1...2, "keepdims:int noop_with_empty_axes:int", since: 18),
      ]
    } + [
      OperatorSchema("ReduceSum", 1...1, "axes:ints keepdims:int", until: 12),
      OperatorSchema("ReduceSum", 1...2, "keepdims:int noop_with_empty_axes:int", since: 13),
      OperatorSchema(
        "Gemm", 2...3, "alpha:float beta:float transA:int transB:int", since: 7, isUniform: true),
      OperatorSchema("MatMul", 2...2, isUniform: true),
    ]

  private static let windows = [
    OperatorSchema(
      "Conv", 2...3, "auto_pad:string dilations:ints group:int kernel_shape:ints pads:ints strides:ints",
      isUniform: true),
    OperatorSchema(
      "MaxPool", 1...1,
      "auto_pad:string ceil_mode:int dilations:ints kernel_shape!:ints pads:ints storage_order:int strides:ints",
      outputs: 1...2),
    OperatorSchema(
      "AveragePool", 1...1,
      "auto_pad:string ceil_mode:int count_include_pad:int dilations:ints:19 kernel_shape!:ints pads:ints strides:ints"
    ),
    OperatorSchema("GlobalAveragePool", 1...1),
    OperatorSchema("GlobalMaxPool", 1...1),
    OperatorSchema(
      "BatchNormalization", 5...5,
      "epsilon:float momentum:float spatial:int training_mode:int:14 is_test:int",
      outputs: 1...5, since: 7),
    OperatorSchema(
      "LayerNormalization", 2...3, "axis:int epsilon:float stash_type:int", outputs: 1...3, since: 17),
    OperatorSchema("STFT", 2...4, "onesided:int", since: 17),
  ]

  private static let recurrent = [
    OperatorSchema(
      "GRU", 3...6,
      "activation_alpha:floats activation_beta:floats activations:strings clip:float direction:string hidden_size:int layout:int:14 "
        + "linear_before_reset:int output_sequence:int", outputs: 0...2, since: 7, isUniform: false),
    OperatorSchema(
      "LSTM", 3...8,
      "activation_alpha:floats activation_beta:floats activations:strings clip:float direction:string hidden_size:int "
        + "input_forget:int layout:int:14 output_sequence:int", outputs: 0...3, since: 7),
  ]

  private static let layout = [
    OperatorSchema("Concat", many, "axis!:int", since: 4, isUniform: true),
    OperatorSchema("Split", 1...1, "axis:int split:ints", outputs: many, until: 12),
    OperatorSchema("Split", 1...2, "axis:int num_outputs:int", outputs: many, since: 13),
    OperatorSchema("Slice", 1...1, "axes:ints ends!:ints starts!:ints", until: 9),
    OperatorSchema("Slice", 3...5, since: 10),
    OperatorSchema("Gather", 2...2, "axis:int"),
    OperatorSchema("Reshape", 2...2, "allowzero:int:14", since: 5),
    OperatorSchema("Flatten", 1...1, "axis:int"),
    OperatorSchema("Squeeze", 1...1, "axes:ints", until: 12),
    OperatorSchema("Squeeze", 1...2, since: 13),
    OperatorSchema("Unsqueeze", 1...1, "axes!:ints", until: 12),
    OperatorSchema("Unsqueeze", 2...2, since: 13),
    OperatorSchema("Transpose", 1...1, "perm:ints"),
    OperatorSchema("Pad", 1...1, "mode:string pads!:ints value:float", since: 2, until: 10),
    OperatorSchema("Pad", 2...4, "mode:string", since: 11),
    OperatorSchema("Expand", 2...2, since: 8),
    OperatorSchema("Tile", 2...2, since: 6),
    OperatorSchema("Shape", 1...1, "start:int:15 end:int:15"),
    OperatorSchema("Size", 1...1),
    OperatorSchema(
      "Constant", 0...0,
      "sparse_value:sparse value:tensor value_float:float value_floats:floats value_int:int value_ints:ints "
        + "value_string:string value_strings:strings"),
    OperatorSchema("ConstantOfShape", 1...1, "value:tensor", since: 9),
    OperatorSchema("Range", 3...3, since: 11),
    OperatorSchema("Identity", 1...1),
    OperatorSchema("Cast", 1...1, "to!:int saturate:int:19 round_mode:string:24", since: 6),
    OperatorSchema("CastLike", 2...2, "saturate:int:19 round_mode:string:24", since: 15),
    OperatorSchema("Dropout", 1...1, "ratio:float is_test:int", outputs: 1...2, until: 11),
    OperatorSchema("Dropout", 1...3, "seed:int", outputs: 1...2, since: 12),
    OperatorSchema("Where", 3...3, since: 9),
  ]

  private static let pointwise: [OperatorSchema] =
    ["Add", "Sub", "Mul", "Div"].map { OperatorSchema($0, 2...2, since: 7, isUniform: true) }
    + ["Equal", "Less", "Greater", "And", "Or"].map { OperatorSchema($0, 2...2, since: 7, isUniform: true) }
    + ["LessOrEqual", "GreaterOrEqual"].map { OperatorSchema($0, 2...2, since: 12, isUniform: true) }
    + ["Max", "Min"].map { OperatorSchema($0, many, since: 6, isUniform: true) }
    + ["Sum", "Mean"].map { OperatorSchema($0, many, since: 6, isUniform: true) }
    + [
      "Relu", "Sigmoid", "Tanh", "Exp", "Log", "Sqrt", "Neg", "Abs", "Floor", "Ceil", "Reciprocal",
    ].map { OperatorSchema($0, 1...1, since: 6) }
    + [
      OperatorSchema("Erf", 1...1, since: 9), OperatorSchema("Not", 1...1),
      OperatorSchema("Round", 1...1, since: 11),
      OperatorSchema("Sin", 1...1, since: 7), OperatorSchema("Cos", 1...1, since: 7),
      OperatorSchema("Softplus", 1...1), OperatorSchema("Mish", 1...1, since: 18),
      OperatorSchema("Pow", 2...2, since: 7), OperatorSchema("Mod", 2...2, "fmod:int", since: 10),
      OperatorSchema("LeakyRelu", 1...1, "alpha:float"), OperatorSchema("Elu", 1...1, "alpha:float"),
      OperatorSchema("HardSigmoid", 1...1, "alpha:float beta:float"),
      OperatorSchema("HardSwish", 1...1, since: 14), OperatorSchema("Swish", 1...1, "alpha:float", since: 24),
      OperatorSchema("Gelu", 1...1, "approximate:string", since: 20),
      OperatorSchema("PRelu", 2...2, since: 7),
      OperatorSchema("Clip", 1...1, "max:float min:float", since: 6, until: 10),
      OperatorSchema("Clip", 1...3, since: 11),
      OperatorSchema("Softmax", 1...1, "axis:int"), OperatorSchema("LogSoftmax", 1...1, "axis:int"),
    ]
}
