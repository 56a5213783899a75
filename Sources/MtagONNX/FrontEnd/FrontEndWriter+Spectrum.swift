import MtagFeatures

extension FrontEndWriter {
  /// The waveform as the extractor's frames see it, `[batch, samples]`: scaled to unit norm and with pre-emphasis, if the spec says
  /// so.
  mutating func preparedWaveform(_ input: String) -> String {
    var waveform = input
    if spec.waveformNormalization == .unitNorm {
      let norm = builder.reduce("ReduceL2", "frontend.norm", waveform, axes: [1])
      let divisor = orOne(norm, below: Self.silentNorm, "frontend.divisor")
      waveform = builder.add("Div", "frontend.unit-norm", [waveform, divisor])
    }
    if spec.emphasizesClip {
      let before = builder.slice(waveform, "frontend.before", axis: 1, from: 0, to: -1)
      let after = builder.slice(waveform, "frontend.after", axis: 1, from: 1)
      let share = builder.scaled(before, by: spec.preEmphasis, "frontend.share")
      waveform = builder.add("Sub", "frontend.emphasized", [after, share])
    }
    return waveform
  }

  /// Power or magnitude of the bins, `[batch, bins, frames]`.
  mutating func spectrum(of waveform: String, bins: Range<Int>) throws -> String {
    let power =
      switch transform {
      case .convolution: try convolvedPower(of: waveform, bins: bins)
      case .stft(let inDouble): transformedPower(of: waveform, bins: bins, inDouble: inDouble)
      }
    return spec.magnitudeExponent == 2 ? power : builder.add("Sqrt", "frontend.magnitude", [power])
  }

  /// `value`, or 1 where it is below a limit: what divides something that may be silence.
  mutating func orOne(_ value: String, below limit: Float, _ name: String) -> String {
    let isBelow = builder.add("Less", "\(name).is-silent", [value, builder.number(limit)])
    return builder.add("Where", name, [isBelow, builder.number(1), value])
  }

  // MARK: - Helpers

  /// As `SampleMeter` has it.
  private static let silentNorm: Float = 1e-15

  private mutating func convolvedPower(of waveform: String, bins: Range<Int>) throws -> String {
    let plan = FramePlan(spec: spec)
    var samples = waveform
    if plan.reflected != .none {
      samples = builder.add(
        "Pad", "frontend.padded",
        [samples, builder.integers([0, plan.reflected.before, 0, plan.reflected.after])],
        ["mode": .text("reflect")])
    }
    samples = builder.unsqueeze(samples, "frontend.samples", axes: [1])
    let filters = try FourierFilters(
      spec: spec, bins: bins, frameLength: plan.trimsToWindow ? nil : plan.frameLength)
    let weight = builder.store(
      "frontend.fourier", shape: [2 * bins.count, 1, filters.taps], .single(filters.values[...]))
    let spectrum = builder.add(
      "Conv", "frontend.spectrum", [samples, weight],
      [
        "dilations": .integers([1]), "group": .integer(1), "kernel_shape": .integers([filters.taps]),
        "pads": .integers([plan.zeros.before, plan.zeros.after]), "strides": .integers([spec.hopLength]),
      ])
    let squares = builder.add("Mul", "frontend.squares", [spectrum, spectrum])
    let parts = builder.add(
      "Split", "frontend.parts", [squares, builder.integers([bins.count, bins.count])], outputs: 2,
      ["axis": .integer(1)])
    return builder.add("Add", "frontend.power", parts)
  }

  private mutating func transformedPower(of waveform: String, bins: Range<Int>, inDouble: Bool) -> String {
    let layout = FrameLayout(spec: spec)
    let behind = FramePlan.extraZeros(spec) + spec.fftSize - layout.frameLength
    var samples = waveform
    func pad(_ x: String, _ before: Int, _ after: Int, _ mode: String) -> String {
      builder.add(
        "Pad", "frontend.padded", [x, builder.integers([0, before, 0, after])], ["mode": .text(mode)])
    }
    if spec.padding == .reflect, layout.padLength > 0 {
      samples = pad(samples, layout.padLength, layout.padLength, "reflect")
      if behind > 0 { samples = pad(samples, 0, behind, "constant") }
    } else if layout.padLength + behind > 0 {
      samples = pad(samples, layout.padLength, layout.padLength + behind, "constant")
    }
    samples = builder.unsqueeze(samples, "frontend.samples", axes: [2])
    let window = paddedWindow(offset: layout.windowOffset)
    let stored: String
    if inDouble {
      samples = builder.add("Cast", "frontend.double", [samples], ["to": .integer(Self.doubleType)])
      stored = builder.store("frontend.window", shape: [spec.fftSize], .double(window))
    } else {
      stored = builder.store("frontend.window", shape: [spec.fftSize], .single(window.map { Float($0) }[...]))
    }
    var spectrum = builder.add(
      "STFT", "frontend.stft",
      [samples, builder.integer(spec.hopLength), stored, builder.integer(spec.fftSize)],
      ["onesided": .integer(1)])
    if bins.count < spec.fftSize / 2 + 1 {
      spectrum = builder.slice(
        spectrum, "frontend.bins", axis: 2, from: bins.lowerBound, to: bins.upperBound)
    }
    if inDouble {
      spectrum = builder.add("Cast", "frontend.single", [spectrum], ["to": .integer(Self.singleType)])
    }
    let squares = builder.add("Mul", "frontend.squares", [spectrum, spectrum])
    let sums = builder.reduce("ReduceSum", "frontend.sums", squares, axes: [3])
    let power = builder.squeeze(sums, "frontend.power.frames", axes: [3])
    return builder.transpose(power, "frontend.power", [0, 2, 1])
  }

  /// The window between zeros, as long as the transform.
  private func paddedWindow(offset: Int) -> [Double] {
    var padded = [Double](repeating: 0, count: spec.fftSize)
    for (index, value) in spec.analysisWindow().enumerated() { padded[offset + index] = value }
    return padded
  }

  /// ONNX's numbers for 32-bit and 64-bit floats.
  private static let (singleType, doubleType) = (1, 11)
}
