/// The operators that the interpreter knows, by name.
enum InterpreterOperators {
  typealias Operation = @Sendable (InterpreterCall) throws -> [InterpreterTensor]

  static let all: [String: Operation] = pointwise.merging(
    [shapes, reductions, matrices, windows, normalizations, sequences, signals].reduce(into: [:]) {
      $0.merge($1) { first, _ in first }
    }
  ) { first, _ in first }
}
