/// Operators whose form depends on the opset, and those that are written often.
extension ProgramBuilder {
  /// Largest, mean or sum along axes, which are kept with one value.
  /// - Parameter type: `ReduceMax`, `ReduceMean`, `ReduceSum` or `ReduceL2`. Axes became an input with opset 18; of the sum they
  ///   always were one here (13).
  mutating func reduce(_ type: String, _ name: String, _ input: String, axes: [Int]) -> String {
    if opset >= 18 || type == "ReduceSum" {
      return add(type, name, [input, integers(axes)], ["keepdims": .integer(1)])
    }
    return add(type, name, [input], ["axes": .integers(axes), "keepdims": .integer(1)])
  }

  /// `x · factor`; x itself for 1.
  mutating func scaled(_ x: String, by factor: Float, _ name: String) -> String {
    factor == 1 ? x : add("Mul", name, [x, number(factor)])
  }

  /// `x + shift`; x itself for 0.
  mutating func shifted(_ x: String, by shift: Float, _ name: String) -> String {
    shift == 0 ? x : add("Add", name, [x, number(shift)])
  }

  /// A part of a value along one axis, from `start` to before `end`; negative places count from the end.
  mutating func slice(_ x: String, _ name: String, axis: Int, from start: Int, to end: Int = .max) -> String {
    add("Slice", name, [x, integers([start]), integers([end]), integers([axis])])
  }

  /// The value in another order of axes.
  mutating func transpose(_ x: String, _ name: String, _ order: [Int]) -> String {
    add("Transpose", name, [x], ["perm": .integers(order)])
  }

  /// The value in another shape: 0 keeps a dimension, −1 is what is left.
  mutating func reshape(_ x: String, _ name: String, _ shape: [Int]) -> String {
    add("Reshape", name, [x, integers(shape)])
  }

  mutating func unsqueeze(_ x: String, _ name: String, axes: [Int]) -> String {
    add("Unsqueeze", name, [x, integers(axes)])
  }

  mutating func squeeze(_ x: String, _ name: String, axes: [Int]) -> String {
    add("Squeeze", name, [x, integers(axes)])
  }
}
