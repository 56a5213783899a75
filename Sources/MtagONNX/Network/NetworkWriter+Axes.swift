import MtagGraph

extension NetworkWriter {
  mutating func reduction(
    _ name: String, _ source: String, _ attributes: Operation.Reduction, _ extents: Extents
  ) {
    let type =
      switch attributes.function {
      case .mean: "ReduceMean"
      case .max: "ReduceMax"
      case .sum: "ReduceSum"
      }
    let layout = attributes.range == .bands ? .map : layoutWithAxes(source)
    let axes: [Int] =
      switch (layout, attributes.range) {
      case (.sequence, _): [1]
      case (_, .bands): [2]
      case (_, .frames): [3]
      case (_, .both): [2, 3]
      }
    let result = builder.reduce(type, "\(name).reduced", value(source, layout), axes: axes)
    define(name, result, layout, extents)
  }

  mutating func flatten(
    _ name: String, _ source: String, _ kind: Operation.Flattening, _ extents: Extents
  ) {
    let shape: [Int] =
      switch kind {
      case .bandsIntoChannels: [0, extents.channels, 1, -1]
      case .bandsIntoFrames: [0, extents.channels, 1, -1]
      }
    builder.addReserved(
      "Reshape", name, [value(source, .map), builder.integers(shape)], to: output(name))
    define(name, output(name), .map, extents)
  }

  mutating func selection(_ name: String, _ source: String, _ frame: Int, _ extents: Extents) {
    let layout = layoutWithAxes(source)
    let axis = place(.frames, layout)
    let (start, end) = (builder.integers([frame]), builder.integers([frame == -1 ? .max : frame + 1]))
    builder.addReserved(
      "Slice", name, [value(source, layout), start, end, builder.integers([axis])], to: output(name))
    define(name, output(name), layout, extents)
  }

  /// Learned frames in front of those that are there, for each item of the batch.
  mutating func tokens(_ name: String, _ source: String, _ count: Int, _ extents: Extents) {
    let input = value(source, .sequence)
    let table = builder.unsqueeze(stored("\(name).weight"), "\(name).table", axes: [0])
    let batch = builder.add("Shape", "\(name).batch", [input], ["end": .integer(1), "start": .integer(0)])
    let shape = builder.add(
      "Concat", "\(name).shape", [batch, builder.integers([count, extents.channels])],
      ["axis": .integer(0)])
    let expanded = builder.add("Expand", "\(name).expanded", [table, shape])
    builder.addReserved("Concat", name, [expanded, input], to: output(name), ["axis": .integer(1)])
    define(name, output(name), .sequence, extents)
  }

  /// A learned value for each place; inputs that are shorter than the table use its first frames.
  mutating func positions(_ name: String, _ source: String, _ table: Operation.Extent, _ extents: Extents) {
    let layout: Layout = extents.bands == 1 ? .sequence : .map
    let input = value(source, layout)
    // [bands, frames, channels], which for one band is a sequence of batch 1.
    var places = stored("\(name).weight")
    if layout == .map { places = builder.transpose(places, "\(name).channels-first", [2, 0, 1]) }
    if extents.frames != table.frames {
      let axis = place(.frames, layout)
      let frames = builder.add(
        "Shape", "\(name).frames", [input], ["end": .integer(axis + 1), "start": .integer(axis)])
      places = builder.add(
        "Slice", "\(name).used",
        [places, builder.integers([0]), frames, builder.integers([layout == .map ? 2 : 1])])
    }
    builder.addReserved("Add", name, [input, places], to: output(name))
    define(name, output(name), layout, extents)
  }
}
