import MtagFeatures
import MtagTestSupport

extension FeatureSpec {
  /// The spec that a feature fixture was made with.
  init(fixture: Fixture) throws {
    var spec = FeaturePresets.melspec
    spec.name = "fixture"
    let fields = fixture.group("spec")
    func number(_ field: String) -> Double? {
      (fields[field] as? Double) ?? (fields[field] as? Int).map(Double.init)
    }
    func text(_ field: String) -> String { fields[field] as? String ?? "" }
    spec.sampleRateHz = Int(number("sampleRateHz") ?? 0)
    spec.windowLength = Int(number("windowLength") ?? 0)
    spec.fftSize = Int(number("fftSize") ?? 0)
    spec.hopLength = Int(number("hopLength") ?? 0)
    spec.bands = Int(number("bands") ?? 0)
    spec.isCentered = fields["isCentered"] as? Bool ?? true
    spec.padding = Padding(rawValue: text("padding")) ?? .zeros
    spec.magnitudeExponent = Float(number("magnitudeExponent") ?? 0)
    spec.melScale = MelScale(rawValue: text("melScale")) ?? .slaney
    spec.melNorm = MelNorm(rawValue: text("melNorm")) ?? .area
    spec.minimumHz = Float(number("minimumHz") ?? -1)
    spec.maximumHz = Float(number("maximumHz") ?? -1)
    spec.level.reference = Level.Reference(rawValue: text("reference")) ?? .clipMaximum
    spec.level.minimumValue = Float(number("minimumValue") ?? -1)
    spec.level.floorDB = number("floorDB").map { Float($0) }
    self = spec
  }
}
