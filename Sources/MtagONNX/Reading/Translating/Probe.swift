import MtagCore
import MtagGraph

/// Translates a file for inputs of a certain length.
struct Probe {
  let file: ONNXFile
  let input: ONNXFile.Declaration
  let meaning: InputMeaning
  /// Bands where the file leaves them open.
  let bands: Int?
  /// The value that is to be computed.
  let target: String

  /// What came out.
  struct Result {
    var nodes: [Graph.Node]
    var weights: [String: [Float]]
    var input: TensorShape
    /// Shape of the logits.
    var shape: TensorShape
  }

  /// The number of frames that the file fixes.
  var fixedFrames: Int? { size(.frames) }

  /// A length that the nodes take: maps are looked at from 2048 frames down and up, samples from 2¹⁷ on.
  /// - Throws: `MtagError` (badData) with what does not fit at the first length.
  func firstLength() throws -> Int {
    let isSound = input.axes?.count == 2 || !meaning.axes.contains(.bands) && size(.channels) ?? 1 == 1
    let start = isSound ? 17 : 11
    let powers = Array(3...start).reversed() + Array(start + 1...20)
    let lengths = powers.map { 1 << $0 } + powers.filter { $0 < 20 }.map { 3 << ($0 - 1) }
    if let length = lengths.first(where: takes) { return length }
    try requireFit(walk(frames: lengths[0]), frames: lengths[0])
    return lengths[0]
  }

  /// Whether shapes fit together for a length.
  func takes(_ frames: Int) -> Bool {
    guard let walk = try? walk(frames: frames) else { return false }
    return walk.problems.isEmpty
  }

  /// Translates for one length.
  /// - Throws: `MtagError` (badData).
  func translate(frames: Int) throws -> Result {
    guard (1...GraphLimits.frames).contains(frames) else {
      throw file.bad("\(frames) frames are not in 1 … \(GraphLimits.frames)")
    }
    let walk = try walk(frames: frames)
    try requireFit(walk, frames: frames)
    let shape = try shape(frames: frames)
    var translator = ONNXTranslator(file, walk: walk, inputName: input.name, input: shape, meaning: meaning)
    try translator.translate(target)
    return try finished(&translator, shape)
  }

  // MARK: - Helpers

  private func size(_ axis: InputMeaning.Axis) -> Int? {
    guard let place = meaning.axes.firstIndex(of: axis) else { return 1 }
    return input.axes?[place].fixedSize
  }

  private func shape(frames: Int) throws -> TensorShape {
    guard let bands = size(.bands) ?? bands else {
      throw file.bad(
        "input '\(input.name)' does not say how many bands it has; name the features with --features")
    }
    let shape = TensorShape(
      batch: size(.batch) ?? 3, bands: bands, frames: frames, channels: size(.channels) ?? 1)
    guard (1...GraphLimits.bands).contains(shape.bands), (1...GraphLimits.channels).contains(shape.channels),
      (1...1 << 16).contains(shape.batch)
    else { throw file.bad("input '\(input.name)' has sizes that no network here reads (\(shape))") }
    return shape
  }

  private func walk(frames: Int) throws -> ShapeWalk {
    let shape = try shape(frames: frames)
    return ShapeWalk(file, sizes: [input.name: meaning.roles.map { shape[$0] }])
  }

  private func requireFit(_ walk: ShapeWalk, frames: Int) throws {
    guard let problem = walk.problems.first else { return }
    throw file.bad("\(problem) (for an input of \(frames) frames, its axes being \(meaning.text))")
  }

  private func finished(_ translator: inout ONNXTranslator, _ input: TensorShape) throws -> Result {
    guard let pending = translator.views[target] else {
      throw file.bad("its output '\(target)' does not depend on its input")
    }
    let view: TensorView
    do { view = try translator.settled(pending, "logits") } catch let fault as NodeReader.Fault {
      throw file.bad("output '\(target)': \(fault.reason)")
    }
    guard view.node != Graph.inputName else { throw file.bad("output '\(target)' is its input") }
    guard view.order == nil, view.shape.bands == 1, view.shape.frames == 1,
      view.axes.first == TensorView.full(.batch, view.shape),
      view.axes.dropFirst().filter({ !$0.isEmpty }).count <= 1
    else {
      throw file.bad("output '\(target)' of \(view.sizes) is not one vector for each clip, [batch, labels]")
    }
    let nodes = translator.nodes
    var needed: Set = [view.node]
    for node in nodes.reversed() where needed.contains(node.name) { needed.formUnion(node.inputs) }
    // The logits' node comes last: those behind it were only needed by others.
    return Result(
      nodes: nodes.filter { needed.contains($0.name) }, weights: translator.weights, input: input,
      shape: view.shape)
  }
}
