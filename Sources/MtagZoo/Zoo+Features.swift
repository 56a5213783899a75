import Foundation
import MtagCore
public import MtagFeatures
public import MtagTraining

extension Zoo {
  /// The spec of a preset's name or alias, with the changes that the name carries: `melspec`, `panns(bands=128)`. A changed
  /// spec is named after its preset and what differs from it, so that the name alone gives it back.
  /// - Throws: `MtagError` (usage) with near names if there is no such preset or field, or a value cannot be.
  public func featureSpec(named name: String) throws -> FeatureSpec {
    let parts = try FeatureName(name)
    let base = try features.item(named: Self.featureAliases[parts.preset] ?? parts.preset).entry
    guard !parts.settings.isEmpty else { return base }
    var fields = try Settings.fields(base)
    for setting in parts.settings {
      let texts = try Self.fullName(of: setting, in: base)
      fields = try Settings.merge(try Override.parse([texts]), into: fields, owner: "feature '\(base.name)'")
    }
    var spec = try Settings.decode(FeatureSpec.self, fields, owner: "feature '\(base.name)'")
    let before = Dictionary(uniqueKeysWithValues: base.fields.map { ($0.name, $0.value) })
    let changes = spec.fields.filter { before[$0.name] != $0.value }.map { "\($0.name)=\($0.value.text)" }
    if !changes.isEmpty { spec.name = "\(base.name)(\(changes.joined(separator: ",")))" }
    // Its extractor looks at everything, so what cannot be is said before any work.
    _ = try FeatureExtractors.make(spec)
    return spec
  }

  /// The extractor of a preset's name or alias, with the changes that the name carries.
  public func extractor(named name: String) throws -> any FeatureExtractor {
    try FeatureExtractors.make(try featureSpec(named: name))
  }

  /// The name of features with settings as typed: what `--features` and `--set` say together.
  /// - Throws: `MtagError` (usage) as `featureSpec(named:)`.
  public func featureName(_ name: String, settings: [String]) throws -> String {
    try featureSpec(named: FeatureName.text(name, adding: settings)).name
  }

  /// Sorts settings as typed into those of a model and those of its features: a name belongs to whoever has it, and
  /// `model.NAME` or `features.NAME` says whom.
  /// - Parameter features: nil for those that the model was made for.
  /// - Returns: the model's overrides, and the name of the changed features.
  /// - Throws: `MtagError` (usage) for a name that both or neither have.
  public func settings(_ texts: [String], model: String, features: String?) throws -> (
    overrides: [String: JSONValue], features: String
  ) {
    let entry = try architecture(named: model)
    let modelNames = Set(try entry.defaults().keys)
    let features = features ?? entry.card.features
    let base = try featureSpec(named: features)
    let featureNames = Set(base.settingNames)
    var (ofModel, ofFeatures): ([String], [String]) = ([], [])
    for text in texts {
      guard let equals = text.firstIndex(of: "=") else { _ = try Override.parse([text]); continue }
      let name = String(text[..<equals])
      let first = name.split(separator: ".").first.map(String.init) ?? name
      if name.hasPrefix("model.") {
        ofModel.append(String(text.dropFirst("model.".count)))
      } else if name.hasPrefix("features.") {
        ofFeatures.append(String(text.dropFirst("features.".count)))
      } else {
        let isFeature = featureNames.contains(name) || base.fieldNames(endingIn: name).count > 0
        switch (modelNames.contains(first), isFeature) {
        case (true, false): ofModel.append(text)
        case (false, true): ofFeatures.append(text)
        case (true, true):
          throw MtagError(
            .usage,
            "setting '\(name)' is one of \(model) and of \(base.name); say model.\(name) or features.\(name)")
        case (false, false):
          let known = suggestion(for: name, among: modelNames.sorted() + featureNames.sorted())
          throw MtagError(.usage, "neither \(model) nor \(base.name) has a setting '\(name)'; \(known)")
        }
      }
    }
    return (try Override.parse(ofModel), try featureName(features, settings: ofFeatures))
  }

  /// `field=value` with the field's full name, and a value that JSON can hold.
  private static func fullName(of setting: String, in spec: FeatureSpec) throws -> String {
    guard let equals = setting.firstIndex(of: "="), equals > setting.startIndex else {
      throw MtagError(
        .usage, "feature setting '\(setting)' must look like field=value, for instance bands=96")
    }
    let (typed, value) = (String(setting[..<equals]), String(setting[setting.index(after: equals)...]))
    let matches = spec.settingNames.contains(typed) ? [typed] : spec.fieldNames(endingIn: typed)
    guard let name = matches.first, matches.count == 1 else {
      let known =
        matches.isEmpty
        ? suggestion(for: typed, among: spec.settingNames) : "say \(matches.joined(separator: " or "))"
      throw MtagError(.usage, "feature '\(spec.name)' has no setting '\(typed)'; \(known)")
    }
    // The one field that may be missing: as the canonical text has it.
    if name == "level.floorDB" {
      if value == "none" { return "\(name)=null" }
      guard Float(value)?.isFinite == true else {
        throw MtagError(
          .usage, "feature '\(spec.name)': \(name) cannot be '\(value)'; it takes a number or none")
      }
    }
    if let kind = spec.fields.first(where: { $0.name == name })?.value,
      let wanted = kind.wish(insteadOf: value)
    {
      throw MtagError(.usage, "feature '\(spec.name)': \(name) cannot be '\(value)'; it \(wanted)")
    }
    // As a float has it: what is typed may have more digits or a smaller exponent than JSON's reader takes for one.
    if let kind = spec.fields.first(where: { $0.name == name })?.value, case .number = kind,
      let number = Float(value)
    {
      return "\(name)=\(number)"
    }
    return "\(name)=\(value)"
  }
}

extension FeatureSpec {
  /// Fields that can be set: all that the extractor reads, but which extractor it is.
  package var settingNames: [String] { fields.map(\.name).filter { $0 != "extractor" } }

  /// Fields of groups that are called so inside their group: `floorDB` for `level.floorDB`.
  package func fieldNames(endingIn name: String) -> [String] {
    settingNames.filter { $0.hasSuffix(".\(name)") }
  }
}
