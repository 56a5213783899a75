import Foundation
import MtagCore
import MtagFeatures
import Testing

/// The contract that caches, models and pictures store.
@Suite struct FeatureSpecTests {
  /// Every field set to another value than `melspec` has.
  static let changes: [(field: String, change: @Sendable (inout FeatureSpec) -> Void)] = [
    ("extractor", { $0.extractor = "other" }),
    ("sampleRateHz", { $0.sampleRateHz = 16_000 }),
    ("waveformNormalization", { $0.waveformNormalization = .unitNorm }),
    ("windowLength", { $0.windowLength = 1024 }),
    ("fftSize", { $0.fftSize = 4096 }),
    ("hopLength", { $0.hopLength = 256 }),
    ("isCentered", { $0.isCentered = false }),
    ("padding", { $0.padding = .reflect }),
    ("magnitudeExponent", { $0.magnitudeExponent = 1 }),
    ("bands", { $0.bands = 96 }),
    ("melScale", { $0.melScale = .htk }),
    ("melNorm", { $0.melNorm = .peak }),
    ("triangleDomain", { $0.triangleDomain = .mel }),
    ("minimumHz", { $0.minimumHz = Float(0).nextUp }),
    ("maximumHz", { $0.maximumHz = Float(11_025).nextDown }),
    ("level.reference", { $0.level.reference = .one }),
    ("level.minimumValue", { $0.level.minimumValue = 1e-5 }),
    ("level.floorDB", { $0.level.floorDB = nil }),
  ]

  @Test("the hash of melspec never changes: caches and models carry it")
  func stability() throws {
    #expect(
      try FeaturePresets.melspec.canonicalText() == """
        bands=128
        extractor=mel
        fftSize=2048
        hopLength=512
        isCentered=true
        level.floorDB=80.0
        level.minimumValue=1e-10
        level.reference=clip-maximum
        magnitudeExponent=2.0
        maximumHz=11025.0
        melNorm=area
        melScale=slaney
        minimumHz=0.0
        monoRule=mean
        padding=zeros
        resampler=soxr-hq
        sampleRateHz=22050
        triangleDomain=hertz
        waveformNormalization=none
        window=hann
        windowLength=2048

        """)
    #expect(
      try FeaturePresets.melspec.sha256()
        == "3cc018fb3cffe7ef23d3fc004660a71aee3175ba16be496b58e98a9497b8069c")
  }

  @Test("no field but the name is left out of the text")
  func completeness() {
    var spec = FeaturePresets.melspec
    (spec.cepstrum, spec.pcen, spec.chroma) = (.init(), .init(), .init())
    (spec.contrast, spec.tempogram, spec.constantQ) = (.init(), .init(), .init())
    spec.logFrequency = .init()
    let groups: [(name: String, value: Any?)] = [
      ("level", spec.level), ("cepstrum", spec.cepstrum), ("pcen", spec.pcen), ("chroma", spec.chroma),
      ("contrast", spec.contrast), ("tempogram", spec.tempogram), ("constantQ", spec.constantQ),
      ("logFrequency", spec.logFrequency),
    ]
    let own = Set(Mirror(reflecting: spec).children.compactMap(\.label))
    let inner = groups.flatMap { group in
      Mirror(reflecting: group.value as Any).children.flatMap { child -> [String] in
        // An optional group shows itself as the child "some".
        guard child.label == "some" else { return ["\(group.name).\(child.label ?? "")"] }
        return Mirror(reflecting: child.value).children.compactMap(\.label).map { "\(group.name).\($0)" }
      }
    }
    let expected = own.subtracting(groups.map(\.name) + ["name"]).union(inner)
    #expect(Set(spec.allFields.map(\.name)) == expected)
  }

  @Test("every change of a field changes the hash and is named", arguments: changes.indices)
  func sensitivity(index: Int) throws {
    let (field, change) = Self.changes[index]
    var spec = FeaturePresets.melspec
    change(&spec)
    #expect(try spec.sha256() != FeaturePresets.melspec.sha256())
    let differences = spec.differences(from: FeaturePresets.melspec)
    #expect(differences.count == 1 && differences[0].hasPrefix("\(field): "), "\(differences)")
  }

  @Test("differences say mine first")
  func differences() {
    var spec = FeaturePresets.melspec
    spec.hopLength = 256
    spec.level.floorDB = nil
    #expect(
      FeaturePresets.melspec.differences(from: spec) == [
        "hopLength: 512, not 256", "level.floorDB: 80.0, not none",
      ])
  }

  @Test("the name is no part of the hash, and presets differ in theirs")
  func names() throws {
    var spec = FeaturePresets.melspec
    spec.name = "anything"
    #expect(try spec.sha256() == FeaturePresets.melspec.sha256())
    #expect(spec.differences(from: FeaturePresets.melspec) == [])
    #expect(Set(try FeaturePresets.all.map { try $0.sha256() }).count == FeaturePresets.all.count)
  }

  @Test("JSON there and back keeps the hash", arguments: FeaturePresets.all)
  func codable(spec: FeatureSpec) throws {
    let copy = try JSONDecoder().decode(FeatureSpec.self, from: JSONEncoder().encode(spec))
    #expect(copy == spec)
    #expect(try copy.sha256() == spec.sha256())
  }

  @Test("a line break in a text cannot forge another field")
  func forgery() throws {
    var forged = FeaturePresets.melspec
    forged.extractor = "mel\nfftSize=2048"
    var plain = forged
    plain.extractor = "unknown"
    let lines = try [forged, plain].map { try $0.canonicalText().split(separator: "\n").count }
    #expect(lines[0] == lines[1])
  }

  @Test("NaN has no hash")
  func notFinite() {
    var spec = FeaturePresets.melspec
    spec.maximumHz = .nan
    #expect(throws: MtagError.self) { try spec.sha256() }
  }

  /// What a stranger's model file may hold.
  static let hostile: [(text: String, change: @Sendable (inout FeatureSpec) -> Void)] = [
    ("hopLength 0 ", { $0.hopLength = 0 }),
    ("hopLength -512 ", { $0.hopLength = -512 }),
    ("hopLength 9223372036854775807 ", { $0.hopLength = .max }),
    ("fftSize 1099511627776 ", { $0.fftSize = 1 << 40 }),
    ("fftSize 0 ", { $0.fftSize = 0 }),
    ("windowLength 4096 ", { $0.windowLength = 4096 }),
    ("windowLength 0 ", { $0.windowLength = 0 }),
    ("bands 1000000000 ", { $0.bands = 1_000_000_000 }),
    ("bands 0 ", { $0.bands = 0 }),
    ("bands 128 ", { $0.hopLength = 1 }),
    ("sampleRateHz 0 ", { $0.sampleRateHz = 0 }),
    ("sampleRateHz -9223372036854775808 ", { $0.sampleRateHz = .min }),
    ("maximumHz 11025.5 ", { $0.maximumHz = 11_025.5 }),
    ("maximumHz nan ", { $0.maximumHz = .nan }),
    ("minimumHz -1.0 ", { $0.minimumHz = -1 }),
    ("minimumHz 11025.0 ", { $0.minimumHz = 11_025 }),
    ("minimumHz inf ", { $0.minimumHz = .infinity }),
    ("magnitudeExponent 0.0 ", { $0.magnitudeExponent = 0 }),
    ("magnitudeExponent 1e+30 ", { $0.magnitudeExponent = 1e30 }),
    ("level.minimumValue 0.0 ", { $0.level.minimumValue = 0 }),
    ("level.minimumValue nan ", { $0.level.minimumValue = .nan }),
    ("level.floorDB -80.0 ", { $0.level.floorDB = -80 }),
    ("level.floorDB inf ", { $0.level.floorDB = .infinity }),
  ]

  @Test("hostile values are refused by name before any memory is taken", arguments: hostile.indices)
  func validation(index: Int) {
    var spec = FeaturePresets.melspec
    Self.hostile[index].change(&spec)
    let error = #expect(throws: MtagError.self) { try FeatureExtractors.make(spec) }
    #expect(error?.kind == .usage)
    #expect(error?.message.contains(Self.hostile[index].text) == true, "\(error?.message ?? "")")
  }

  @Test("an unknown extractor suggests the known one")
  func unknownExtractor() {
    var spec = FeaturePresets.melspec
    spec.extractor = "mell"
    let error = #expect(throws: MtagError.self) { try FeatureExtractors.make(spec) }
    #expect(error?.message.contains("'mell'") == true && error?.message.contains("'mel'") == true)
  }

  @Test("the presets are valid", arguments: FeaturePresets.all)
  func presets(spec: FeatureSpec) throws { try spec.validate() }

  @Test("the largest allowed spec works")
  func largest() throws {
    var spec = FeaturePresets.melspec
    (spec.fftSize, spec.windowLength, spec.hopLength, spec.bands) = (262_144, 262_144, 262_144, 4096)
    #expect(try FeatureExtractors.make(spec).extract([1, 2, 3]).values.count == 4096)
  }
}
