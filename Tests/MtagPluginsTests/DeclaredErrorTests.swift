import MtagCore
import MtagPlugins
import Testing

/// What is wrong in a model's file is said with file, line and column, and with the remedy.
@Suite struct DeclaredErrorTests {
  /// What comes of a text: the error of reading it, or of making its graph for 32 bands and 3 labels.
  private static func error(_ text: String) throws -> MtagError {
    try #require(throws: MtagError.self) {
      let architecture = try DeclaredArchitecture(text: text, file: "a.yaml")
      _ = try architecture.graph(bands: 32, channels: 1, labels: 3)
    }
  }

  /// A model whose layers begin in line 3, indented by two.
  private static func model(_ layers: String) -> String { "name: a\nlayers:\n\(layers)" }

  @Test(
    "mistakes in layers",
    arguments: [
      ("  - konv: {channels: 8, kernel: 3}", "a.yaml:3:5: 'konv' is no layer; did you mean 'conv'?"),
      ("  - relu7", "a.yaml:3:5: 'relu7' is no layer; did you mean 'relu' or 'relu6' or 'elu'?"),
      (
        "  - conv: {channels: 8, kernal: 3}",
        "a.yaml:3:25: 'conv' has no attribute 'kernal'; did you mean 'kernel'?"
      ),
      ("  - conv: {channels: 8}", "a.yaml:3:5: 'conv' needs 'kernel': conv: {channels: …, kernel: …}"),
      ("  - conv: 8", "a.yaml:3:11: 'conv' takes no '8' behind the colon; write conv: {channels: …}"),
      ("  - conv", "a.yaml:3:5: 'conv' needs channels and kernel: conv: {channels: …, kernel: …}"),
      ("  - relu: 3", "a.yaml:3:11: 'relu' takes no '3' behind the colon; write relu alone"),
      (
        "  - conv:\n    channels: 8\n    kernel: 3",
        "a.yaml:4:5: 'channels' belongs inside 'conv': write conv: {channels: …} or indent it further"
      ),
      (
        "  - conv: {channels: 8, kernel: 3}\n    relu:",
        "a.yaml:4:5: 'conv' and 'relu' in one layer; begin each layer with a dash of its own"
      ),
      ("  - relu\n    nam: x", "not valid YAML"),
      ("  - relu:\n    nam: x", "a.yaml:4:5: 'relu' has no key 'nam' beside it; did you mean 'name'?"),
      (
        "  - conv: {channels: many, kernel: 3}",
        "a.yaml:3:22: conv: channels must be a whole number in 1 … 65536, not many"
      ),
      (
        "  - conv: {channels: 8, kernel: [3, 3, 3]}",
        "a.yaml:3:33: conv: kernel must be a whole number from 1 on, or [bands, frames], not [3, 3, 3]"
      ),
      (
        "  - conv: {channels: 8, kernel: 3, bias: no}",
        "a.yaml:3:42: conv: bias must be true or false, not no"
      ),
      (
        "  - conv: {channels: 8, kernel: 3, padding: valid}",
        "a.yaml:3:45: conv: padding must be same, none, a whole number or [bands, frames], not valid"
      ),
      ("  - max: rows", "a.yaml:3:10: max: over cannot be 'rows'; known: bands, both, frames"),
      ("  - linear: $label", "a.yaml:3:13: nothing is called '$label'; did you mean '$labels'?"),
      (
        "  - linear: $labels * 2.5",
        "a.yaml:3:13: linear: features must be a whole number in 1 … 65536, not 7.5"
      ),
      ("  - linear: $labels / 0", "a.yaml:3:13: '$labels / 0' is no finite number"),
      ("  - linear: ($labels", "a.yaml:3:13: '($labels' lacks a ')'"),
      (
        "  - linear: $labels labels",
        "a.yaml:3:13: '$labels labels': 'l' is not expected; known: $name + - * / ( )"
      ),
      ("  - relu\n    name: [a]", "a layer with name:, from: or if: below it needs a colon itself"),
      ("  - relu:\n    name: a b", "a.yaml:4:11: 'a b' cannot be a layer's name"),
      ("  - relu:\n    name: input", "a.yaml:4:11: 'input' cannot be a layer's name"),
      (
        "  - relu:\n    from: b", "a.yaml:4:11: no layer before this one is named 'b'; known: input, previous"
      ),
      (
        "  - relu:\n    name: b\n  - relu:\n    name: b",
        "a.yaml:5:5: two layers are named 'b', the other in line 3; give one a name of its own"
      ),
      ("  - relu:\n    if: maybe", "a.yaml:4:9: if must be true, false or a whole number, not maybe"),
      (
        "  - relu\n  - relu:\n    from: input\n  - mean: both\n  - linear: $labels",
        "a.yaml:3:5: nothing reads 'relu1'; read it with from:, or remove it"
      ),
      (
        "  - mean: both\n  - linear: 7",
        "a.yaml:4:5: the last layer gives 7 values for 3 labels; end with linear: $labels"
      ),
      (
        "  - linear: $labels",
        "a.yaml:3:5: the last layer gives 32 bands and more than one frame, not a vector of logits"
      ),
      (
        "  - [relu]",
        "a.yaml:3:5: a layer is a word or a mapping, not a list; write group: for a list of layers"
      ),
      ("  - name: x", "a.yaml:3:5: a layer needs an operator, such as conv: {channels: 64, kernel: 3}"),
      ("  - gru: 8", "needs one band"),
      (
        "  - conv: {channels: 9, kernel: 3, groups: 2}",
        "a.yaml:3:5: conv: 9 output channels cannot be split into 2 groups"
      ),
      ("  - add: [input, nothing]", "a.yaml:3:18: no layer before this one is named 'nothing'"),
      (
        "  - squeeze_excite: {hidden: 2, reduction: 2}",
        "a.yaml:3:5: 'squeeze_excite' takes hidden or reduction, not both"
      ),
    ])
  func layers(_ layers: String, _ expected: String) throws {
    let error = try Self.error(Self.model(layers))
    #expect(error.kind == .badData && error.message.contains(expected), "\(error.message)")
    #expect(error.message.hasPrefix("a.yaml:") && !error.message.contains("\n"))
  }

  @Test(
    "mistakes in groups",
    arguments: [
      (
        "  - repeat: 0\n    layers: [relu]",
        "a.yaml:3:13: repeat must be a whole number in 1 … 1024 or lists by name, not 0"
      ),
      ("  - repeat: 3", "a.yaml:3:5: 'repeat' needs layers: beside it"),
      (
        "  - repeat: {width: 3}\n    layers: [relu]",
        "a.yaml:3:21: 'width' must be a list with an element for each repetition"
      ),
      (
        "  - repeat: {a: [1, 2], b: [1]}\n    layers: [relu]",
        "a.yaml:3:28: 'b' has 1 and 'a' 2 elements; make them equal"
      ),
      (
        "  - repeat: {labels: [1]}\n    layers: [relu]",
        "a.yaml:3:14: 'labels' stands for something in every model"
      ),
      (
        "  - residual:\n      - conv: {channels: 8, kernel: 3, stride: 2}",
        "a.yaml:3:5: residual: its layers give 16 bands, 1 of 2 frames, 8 channels, its shortcut 32 bands, all frames, 1 channels;"
          + " give it a shortcut: with a convolution"
      ),
      ("  - residual:", "a.yaml:3:5: 'residual' needs a list of layers"),
      ("  - branches: [[relu]]", "a.yaml:3:5: 'branches' needs at least two lists of layers"),
      (
        "  - branches: [[relu], [tanh]]\n    join: sum",
        "a.yaml:4:11: join cannot be 'sum'; known: concat, add, multiply"
      ),
      ("  - group:\n      - layers: [relu]", "a.yaml:4:9: 'layers' is no layer"),
      // Also where it is left out for now.
      (
        "  - group: [{relo: }]\n    if: false\n  - mean: both\n  - linear: $labels",
        "a.yaml:3:14: 'relo' is no layer"
      ),
    ])
  func groups(_ layers: String, _ expected: String) throws {
    let error = try Self.error(Self.model(layers))
    #expect(error.message.contains(expected), "\(error.message)")
  }

  @Test(
    "mistakes at the top",
    arguments: [
      ("", "a.yaml:1:1: the file is empty"),
      ("- relu", "a.yaml:1:1: a model must be a mapping of names to values, not a list"),
      ("layers: [relu]", "a.yaml:1:1: a model needs a name:"),
      ("name: a", "a.yaml:1:1: a model needs layers:"),
      ("name: a\nlayers: []", "a.yaml:2:9: a model needs at least one layer"),
      ("name: a/b\nlayers: [relu]", "a.yaml:1:7: 'a/b' cannot be a model's name"),
      ("name: a\nlayer: [relu]", "a.yaml:2:1: a model has no 'layer'; did you mean 'layers'?"),
      ("name: a\nname: b\nlayers: [relu]", "'name' stands twice in one mapping"),
      (
        "name: a\nchunk_frames: long\nlayers: [relu]",
        "a.yaml:2:15: chunk_frames must be a whole number in 1 … 1048576"
      ),
      (
        "name: a\nsettings: {bands: 3}\nlayers: [relu]",
        "a.yaml:2:12: 'bands' stands for something in every model"
      ),
      ("name: a\nsettings: {a b: 3}\nlayers: [relu]", "a.yaml:2:12: 'a b' cannot be a setting's name"),
      ("name: a\nsettings: {width: {a: 3}}\nlayers: [relu]", "a.yaml:2:19: a value cannot be a mapping"),
      ("name: a\nlayers: [relu\n", "not valid YAML"),
      ("name: \"a\nlayers: [relu]", "not valid YAML"),
      ("name: a\nlayers: [relu]\n---\nname: b", "a.yaml:3:1: not valid YAML"),
      ("name: a\n\tlayers: [relu]", "not valid YAML"),
    ])
  func top(_ text: String, _ expected: String) throws {
    let error = try Self.error(text)
    #expect(error.kind == .badData && error.message.contains(expected), "\(error.message)")
  }

  @Test("too few bands are no fault of the file: other features could mend it")
  func tooFewBands() throws {
    let text = Self.model(
      "  - conv: {channels: 8, kernel: [40, 3], padding: none}\n  - mean: both\n  - linear: $labels")
    let error = try Self.error(text)
    #expect(
      error.kind == .usage && error.message.contains("a.yaml:3:5: ")
        && error.message.contains("nothing left of 32 bands"))
    _ = try DeclaredArchitecture(text: text, file: "a.yaml").graph(bands: 40, channels: 1, labels: 3)
  }
}
