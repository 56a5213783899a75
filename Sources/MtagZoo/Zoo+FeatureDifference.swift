import Foundation
public import MtagCore
import MtagFeatures
import MtagTraining

extension Zoo {
  /// Walks from one spec to another, one field at a time in the order of the work (rate first, level last), and measures
  /// what each step changes on a clip. Fields that cannot change alone (a lower rate and the band edge above its half) change
  /// together.
  /// - Throws: `MtagError` (usage) if the two have different extractors or do not differ; what decoding throws.
  public func featureDifference(
    _ first: String, _ second: String, clip path: String, observer: Observer = .silent
  ) throws -> FeatureDifference {
    let (from, to) = (try featureSpec(named: first), try featureSpec(named: second))
    guard from.extractor == to.extractor else {
      throw MtagError(
        .usage,
        "'\(from.name)' is made by extractor \(from.extractor) and '\(to.name)' by \(to.extractor); "
          + "only features of one extractor differ by fields")
    }
    let steps = try FeaturePath(from: from, to: to).steps
    guard !steps.isEmpty else {
      throw MtagError(.usage, "'\(from.name)' and '\(to.name)' are the same features; name two that differ")
    }
    func levels(_ spec: FeatureSpec) throws -> LevelsInDecibels {
      let extractor = try FeatureExtractors.make(spec)
      return LevelsInDecibels(try ClipFeatures.load(path, extractor: extractor).map, extractor)
    }
    let start = try levels(from)
    var before = start
    var measured: [FeatureDifference.Step] = []
    for (index, step) in steps.enumerated() {
      try observer.checkCancelled()
      let after = try levels(step.spec)
      measured.append(.init(fields: step.changes, distance: before.distance(to: after)))
      before = after
      observer.progress(ProgressUpdate(task: "diff", done: index + 1, total: steps.count, unit: "field"))
    }
    return FeatureDifference(
      first: from.name, second: to.name, clip: path,
      steps: measured.sorted { $0.distance.rmsDB > $1.distance.rmsDB }, total: start.distance(to: before))
  }
}

/// The way from one spec to another, a field at a time.
private struct FeaturePath {
  struct Step {
    let spec: FeatureSpec
    let changes: [FeatureDifference.Change]
  }

  private(set) var steps: [Step] = []

  init(from: FeatureSpec, to: FeatureSpec) throws {
    let values = Dictionary(uniqueKeysWithValues: to.fields.map { ($0.name, $0.value) })
    var open = from.fields.compactMap { field -> FeatureDifference.Change? in
      guard let value = values[field.name], value != field.value else { return nil }
      return .init(name: field.name, from: field.value.text, to: value.text)
    }
    let goal = try Settings.fields(to)
    var fields = try Settings.fields(from)
    func taking(_ changes: [FeatureDifference.Change]) -> [String: JSONValue] {
      changes.reduce(fields) { fields, change in
        Self.taking(change.name.split(separator: ".").map(String.init)[...], from: goal, into: fields)
      }
    }
    func spec(_ changes: [FeatureDifference.Change]) -> FeatureSpec? {
      let name = "\(from.name) on the way to \(to.name)"
      var spec = try? Settings.decode(FeatureSpec.self, taking(changes), owner: name)
      spec?.name = name
      return spec.flatMap { (try? FeatureExtractors.make($0)) != nil ? $0 : nil }
    }
    while let next = open.first {
      // What cannot be by itself takes the one field along that makes it possible; else all that are left.
      let pairs = open.dropFirst().map { [next, $0] }
      let changes = ([[next]] + pairs).first { spec($0) != nil } ?? open
      guard let spec = spec(changes) else {
        throw MtagError(.internalFault, "'\(to.name)' cannot be reached from '\(from.name)'")
      }
      steps.append(Step(spec: spec, changes: changes))
      fields = taking(changes)
      open.removeAll { change in changes.contains { $0.name == change.name } }
    }
  }

  private static func taking(
    _ path: ArraySlice<String>, from source: [String: JSONValue], into target: [String: JSONValue]
  ) -> [String: JSONValue] {
    guard let name = path.first else { return target }
    var target = target
    if path.count > 1, case .object(let inner) = source[name], case .object(let mine) = target[name] {
      target[name] = .object(taking(path.dropFirst(), from: inner, into: mine))
    } else {
      target[name] = source[name]
    }
    return target
  }
}
