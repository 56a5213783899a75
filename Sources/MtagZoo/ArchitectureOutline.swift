import MtagCore
import MtagFeatures
import MtagGraph
import MtagTraining

/// An architecture put together with features: what `list`, `info` and a training run need to know before any sound is read.
struct ArchitectureOutline {
  let entry: ArchitectureEntry
  let features: FeatureOutline
  let graph: Graph
  /// The shortest input that reaches the last layer, in frames.
  let minimumFrames: Int
  /// The longest input that every layer takes, in frames; nil for any.
  let maximumFrames: Int?
  /// The card's chunk in frames of these features, as long as the network takes; nil if the card names none.
  let chunkFrames: Int?

  /// - Parameter features: nil for those that the architecture was made for.
  /// - Throws: `MtagError` (usage) if they do not fit.
  init(
    _ zoo: Zoo, _ entry: ArchitectureEntry, overrides: [String: JSONValue] = [:], features: String? = nil,
    labels: Int
  ) throws {
    self.entry = entry
    let spec = try zoo.featureSpec(named: features ?? entry.card.features)
    self.features = try FeatureExtractors.outline(of: spec)
    graph = try ModelFit(entry.architecture(overrides: overrides), spec: spec).graph(labels: labels)
    minimumFrames = try graph.minimumFrames()
    maximumFrames = try graph.maximumFrames()
    let scale =
      try features == nil || features == entry.card.features
      ? 1 : zoo.featureSpec(named: entry.card.features).frameSeconds / spec.frameSeconds
    let (low, high) = (minimumFrames, maximumFrames ?? GraphLimits.frames)
    chunkFrames = entry.card.chunkFrames.map { min(max(Int((Double($0) * scale).rounded()), low), high) }
  }

  /// Frames of the input that costs are given for: the chunk, or else a clip of the default length.
  var inputFrames: Int {
    let clip = features.frameCount(samples: Int(Zoo.defaultClipSeconds * Double(features.spec.sampleRateHz)))
    return chunkFrames ?? min(max(clip, minimumFrames), maximumFrames ?? clip)
  }

  /// The crop where neither the user nor the card says one.
  var standardCropFrames: Int {
    min(max(TrainingConfiguration.standardCropFrames, minimumFrames), maximumFrames ?? .max)
  }

  /// Seconds of sound that give `frames` frames.
  func seconds(frames: Int) -> Double {
    Double(features.fewestSamples(frames: frames)) / Double(features.spec.sampleRateHz)
  }

  /// Refuses crops that the network does not take; nil is a crop of its own.
  /// - Throws: `MtagError` (usage) naming the shortest or longest crop, in frames and in seconds.
  func check(cropFrames: Int?) throws {
    guard let cropFrames else { return }
    let (name, spec) = (entry.card.name, features.spec.name)
    func words(_ frames: Int) -> String {
      "\(frames), \(String(rounding: seconds(frames: frames), digits: 2)) s of '\(spec)'"
    }
    guard cropFrames >= minimumFrames else {
      throw MtagError(
        .usage,
        "a crop of \(cropFrames) frames is too short for \(name): it needs \(words(minimumFrames)); use --crop "
          + "\(minimumFrames) or more")
    }
    if let longest = maximumFrames, cropFrames > longest {
      throw MtagError(
        .usage,
        "a crop of \(cropFrames) frames is too long for \(name): it takes at most \(words(longest)); use --crop "
          + "\(longest) or less")
    }
  }

  /// The layers for an input that costs are given for.
  func layers() throws -> [Layer] { try graph.layers(frames: inputFrames) }

  /// Cost of the features of that input, estimated, in multiply-accumulates.
  func frontEndMACs() throws -> Int { try Int(features.multiplyAccumulatesPerFrame() * Double(inputFrames)) }

  /// A row of `list`.
  func row() throws -> Listing.ModelRow {
    let layers = try layers()
    let field = ReceptiveField.of(graph).count
    return Listing.ModelRow(
      name: entry.card.name, summary: entry.card.summary, features: features.spec.name,
      inputFrames: inputFrames,
      inputSeconds: seconds(frames: inputFrames), parameters: layers.reduce(0) { $0 + $1.trainedCount },
      macs: layers.reduce(0) { $0 + $1.multiplyAccumulates }, frontEndMACs: try frontEndMACs(),
      minimumFrames: minimumFrames, minimumSeconds: seconds(frames: minimumFrames),
      receptiveFieldFrames: field,
      receptiveFieldSeconds: field.map { Double($0) * features.spec.frameSeconds })
  }
}

extension FeatureSpec {
  /// Seconds from one frame to the next; frames are samples where features have no hop.
  var frameSeconds: Double {
    Double(settingNames.contains("hopLength") ? hopLength : 1) / Double(sampleRateHz)
  }
}
