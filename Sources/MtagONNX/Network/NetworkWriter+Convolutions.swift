import MtagGraph

extension NetworkWriter {
  mutating func convolution(
    _ name: String, _ source: String, _ attributes: Operation.Convolution, _ extents: Extents
  ) {
    let (kernel, stride) = (attributes.kernel, attributes.stride)
    let (padding, extra) = (attributes.padding, attributes.extraPadding)
    var inputs = [value(source, .map), stored("\(name).weight")]
    if weights.has("\(name).bias") { inputs.append(stored("\(name).bias")) }
    builder.addReserved(
      "Conv", name, inputs, to: output(name),
      [
        "dilations": .integers([attributes.dilation.bands, attributes.dilation.frames]),
        "group": .integer(attributes.groups),
        "kernel_shape": .integers([kernel.bands, kernel.frames]),
        "pads": .integers([
          padding.bands, padding.frames, padding.bands + extra.bands, padding.frames + extra.frames,
        ]),
        "strides": .integers([stride.bands, stride.frames]),
      ])
    define(name, output(name), .map, extents)
  }

  /// Maximum or mean over windows.
  mutating func pool(
    _ type: String, _ name: String, _ source: String, _ attributes: Operation.Pool, _ extents: Extents
  ) {
    let (kernel, stride, padding) = (attributes.kernel, attributes.stride, attributes.padding)
    let input = value(source, .map)
    let (shape, steps) = ([kernel.bands, kernel.frames], [stride.bands, stride.frames])
    let pads = [padding.bands, padding.frames, padding.bands, padding.frames]
    if type == "AveragePool" {
      builder.addReserved(
        type, name, [input], to: output(name),
        [
          "count_include_pad": .integer(attributes.countsPadding ? 1 : 0), "kernel_shape": .integers(shape),
          "pads": .integers(pads), "strides": .integers(steps),
        ])
    } else {
      builder.addReserved(
        type, name, [input], to: output(name),
        ["kernel_shape": .integers(shape), "pads": .integers(pads), "strides": .integers(steps)])
    }
    define(name, output(name), .map, extents)
  }

  /// A matrix product over channels: of a vector, of each frame, or as a convolution of one pixel.
  mutating func linear(_ name: String, _ source: String, hasBias: Bool, _ extents: Extents) {
    let bias = weights.has("\(name).bias") ? [stored("\(name).bias")] : []
    let weight = stored("\(name).weight")
    if extents.isVector {
      builder.addReserved(
        "Gemm", name, [value(source, .vector), weight] + bias, to: output(name), ["transB": .integer(1)])
      define(name, output(name), .vector, extents)
    } else if extents.bands == 1 {
      let matrix = builder.transpose(weight, "\(name).matrix", [1, 0])
      let input = value(source, .sequence)
      if bias.isEmpty {
        builder.addReserved("MatMul", name, [input, matrix], to: output(name))
      } else {
        let product = builder.add("MatMul", "\(name).product", [input, matrix])
        builder.addReserved("Add", name, [product] + bias, to: output(name))
      }
      define(name, output(name), .sequence, extents)
    } else {
      let kernel = builder.unsqueeze(weight, "\(name).kernel", axes: [2, 3])
      builder.addReserved(
        "Conv", name, [value(source, .map), kernel] + bias, to: output(name),
        ["kernel_shape": .integers([1, 1])])
      define(name, output(name), .map, extents)
    }
  }

  /// PyTorch's adaptive windows, first along bands, then along frames: each window is a rectangle, so that means and maxima
  /// may be taken one axis after the other.
  mutating func adaptivePool(
    _ name: String, _ source: String, _ attributes: Operation.AdaptivePool, _ extents: Extents
  ) {
    let size = self.extents(source)
    let type = attributes.function == .max ? "ReduceMax" : "ReduceMean"
    let bands = adapted(
      value(source, .map), name, type, axis: 2, length: size.bands, windows: attributes.output.bands)
    let frames = adapted(bands, name, type, axis: 3, length: size.frames, windows: attributes.output.frames)
    builder.addReserved("Identity", name, [frames], to: output(name))
    define(name, output(name), .map, extents)
  }

  /// Window i of n over a length l: from ⌊i·l / n⌋ to ⌈(i + 1)·l / n⌉.
  private mutating func adapted(
    _ x: String, _ name: String, _ type: String, axis: Int, length: Int?, windows: Int
  ) -> String {
    let prefix = "\(name).axis\(axis)"
    if length == windows { return x }
    if windows == 1 { return builder.reduce(type, prefix, x, axes: [axis]) }
    var size = ""
    if length == nil {
      size = builder.add(
        "Shape", "\(prefix).size", [x], ["end": .integer(axis + 1), "start": .integer(axis)])
    }
    let parts = (0..<windows).map { index -> String in
      let part: String
      if let length {
        let end = ((index + 1) * length + windows - 1) / windows
        part = builder.slice(
          x, "\(prefix).window\(index)", axis: axis, from: index * length / windows, to: end)
      } else {
        let count = builder.integers([windows])
        let start = builder.add("Mul", "\(prefix).scaled-start\(index)", [size, builder.integers([index])])
        let end = builder.add("Mul", "\(prefix).scaled-end\(index)", [size, builder.integers([index + 1])])
        let raised = builder.add("Add", "\(prefix).raised\(index)", [end, builder.integers([windows - 1])])
        part = builder.add(
          "Slice", "\(prefix).window\(index)",
          [
            x, builder.add("Div", "\(prefix).start\(index)", [start, count]),
            builder.add("Div", "\(prefix).end\(index)", [raised, count]), builder.integers([axis]),
          ])
      }
      return builder.reduce(type, "\(prefix).value\(index)", part, axes: [axis])
    }
    return builder.add("Concat", prefix, parts, ["axis": .integer(axis)])
  }
}
