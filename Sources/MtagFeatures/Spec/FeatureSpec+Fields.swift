extension FeatureSpec {
  /// One field of a spec: a number, a choice or a list.
  package struct Field {
    /// As `--set` and errors name it: `bands`, `level.floorDB`.
    package let name: String
    /// What the spec has.
    package let value: FieldValue
    /// The value at which the field stays out of the canonical text, for fields that came after the first hashes did.
    let neutral: FieldValue?

    init(_ name: String, _ value: FieldValue, neutral: FieldValue? = nil) {
      self.name = name
      self.value = value
      self.neutral = neutral
    }
  }

  /// One field's value, comparable and printable.
  package enum FieldValue: Hashable {
    case text(String)
    case choice(String, among: [String])
    case integer(Int)
    case number(Float)
    case numbers([Float])

    /// The value as the canonical text has it. Swift's `description` of a float is the shortest that reads back to it;
    /// adding zero turns -0 into 0. A line break in a text would forge another field.
    package var text: String {
      switch self {
      case .choice(let text, _): text
      case .text(let text): text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
      case .integer(let integer): String(integer)
      case .number(let number): String(describing: number + 0)
      case .numbers(let numbers):
        "[" + numbers.map { String(describing: $0 + 0) }.joined(separator: ",") + "]"
      }
    }

    /// The numbers of a list as it is typed, `[0.5,1,2]`; nil if it is none.
    private static func numbers(_ text: String) -> [Float]? {
      guard text.first == "[", text.last == "]" else { return nil }
      let parts = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
      let values = parts.compactMap { Float($0.filter { $0 != " " }) }.filter(\.isFinite)
      return values.count == parts.count ? values : nil
    }

    var isFinite: Bool {
      switch self {
      case .number(let number): number.isFinite
      case .numbers(let numbers): numbers.allSatisfy(\.isFinite)
      default: true
      }
    }

    /// What a field of this kind takes, if a text cannot be its value; nil if it can.
    package func wish(insteadOf text: String) -> String? {
      switch self {
      case .choice(_, let texts):
        texts.contains(text) ? nil : "is one of \(texts.joined(separator: ", "))"
      case .integer: Int(text) == nil ? "takes a whole number" : nil
      case .number: Float(text)?.isFinite == true ? nil : "takes a number"
      case .numbers:
        Self.numbers(text) == nil ? "takes a list of numbers such as [0.5,1,2]" : nil
      case .text: nil
      }
    }

    static func choice<Value: RawRepresentable<String> & CaseIterable>(_ value: Value) -> FieldValue {
      .choice(value.rawValue, among: Value.allCases.map(\.rawValue))
    }

    static func flag(_ value: Bool) -> FieldValue {
      .choice(value ? "true" : "false", among: ["true", "false"])
    }
  }

  /// The fields that this spec's extractor reads, in the order of the declaration; all of them, if there is no such
  /// extractor.
  package var fields: [Field] {
    guard let entry = FeatureExtractors.entry(named: extractor) else { return allFields }
    return allFields.filter { entry.reads($0.name) }
  }

  /// Every field that some extractor reads, in the order of the declaration.
  package var allFields: [Field] { commonFields + level.fields + parameterFields }

  private var commonFields: [Field] {
    [
      Field("extractor", .text(extractor)),
      Field("sampleRateHz", .integer(sampleRateHz)),
      Field("monoRule", .choice(monoRule)),
      Field("resampler", .choice(resampler)),
      Field("waveformNormalization", .choice(waveformNormalization)),
      Field("preEmphasis", .number(preEmphasis), neutral: .number(0)),
      Field("preEmphasisScope", .choice(preEmphasisScope), neutral: .choice(PreEmphasisScope.clip)),
      Field("windowLength", .integer(windowLength)),
      Field("fftSize", .integer(fftSize)),
      Field("hopLength", .integer(hopLength)),
      Field("window", .choice(window)),
      Field("windowAlignment", .choice(windowAlignment), neutral: .choice(WindowAlignment.center)),
      Field("isCentered", .flag(isCentered)),
      Field("padding", .choice(padding)),
      Field("lastFrame", .choice(lastFrame), neutral: .choice(LastFrame.whole)),
      Field("removesFrameMean", .flag(removesFrameMean), neutral: .flag(false)),
      Field("magnitudeExponent", .number(magnitudeExponent)),
      Field("bands", .integer(bands)),
      Field("melScale", .choice(melScale)),
      Field("melNorm", .choice(melNorm)),
      Field("triangleDomain", .choice(triangleDomain)),
      Field("minimumHz", .number(minimumHz)),
      Field("maximumHz", .number(maximumHz)),
    ]
  }

  private var parameterFields: [Field] {
    let groups = [
      logFrequency?.fields, cepstrum?.fields, pcen?.fields, chroma?.fields, contrast?.fields,
      tempogram?.fields, constantQ?.fields,
    ]
    return groups.compactMap(\.self).flatMap(\.self)
  }
}

extension FeatureSpec.Level {
  var fields: [FeatureSpec.Field] {
    [
      .init("level.function", .choice(function), neutral: .choice(Function.decibels)),
      .init("level.reference", .choice(reference)),
      .init("level.minimumValue", .number(minimumValue)),
      .init("level.floorDB", floorDB.map { .number($0) } ?? .text("none")),
      .init("level.gain", .number(gain), neutral: .number(1)),
      .init("level.offset", .number(offset), neutral: .number(0)),
      .init("level.mean", .number(mean), neutral: .number(0)),
      .init("level.deviation", .number(deviation), neutral: .number(1)),
    ]
  }
}

extension FeatureSpec.LogFrequency {
  var fields: [FeatureSpec.Field] { [.init("logFrequency.bandsPerOctave", .integer(bandsPerOctave))] }
}

extension FeatureSpec.Cepstrum {
  var fields: [FeatureSpec.Field] {
    [
      .init("cepstrum.coefficients", .integer(coefficients)),
      .init("cepstrum.lifter", .number(lifter)),
      .init("cepstrum.deltaOrder", .integer(deltaOrder)),
      .init("cepstrum.deltaWidth", .integer(deltaWidth)),
    ]
  }
}

extension FeatureSpec.PCEN {
  var fields: [FeatureSpec.Field] {
    [
      .init("pcen.gain", .number(gain)),
      .init("pcen.bias", .number(bias)),
      .init("pcen.power", .number(power)),
      .init("pcen.timeConstantSeconds", .number(timeConstantSeconds)),
      .init("pcen.epsilon", .number(epsilon)),
      .init("pcen.scale", .number(scale)),
    ]
  }
}

extension FeatureSpec.Chroma {
  var fields: [FeatureSpec.Field] {
    [
      .init("chroma.tuning", .number(tuning)),
      .init("chroma.centerOctave", .number(centerOctave)),
      .init("chroma.octaveWidth", .number(octaveWidth)),
      .init("chroma.norm", .choice(norm)),
    ]
  }
}

extension FeatureSpec.Contrast {
  var fields: [FeatureSpec.Field] {
    [
      .init("contrast.lowestHz", .number(lowestHz)),
      .init("contrast.quantile", .number(quantile)),
    ]
  }
}

extension FeatureSpec.Tempogram {
  var fields: [FeatureSpec.Field] { [.init("tempogram.windowFrames", .integer(windowFrames))] }
}

extension FeatureSpec.ConstantQ {
  var fields: [FeatureSpec.Field] {
    [
      .init("constantQ.bandsPerOctave", .integer(bandsPerOctave)),
      .init("constantQ.filterScale", .number(filterScale)),
      .init("constantQ.gammaHz", .number(gammaHz)),
      .init("constantQ.sparsity", .number(sparsity)),
      .init("constantQ.harmonics", .numbers(harmonics)),
    ]
  }
}
