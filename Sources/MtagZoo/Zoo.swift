public import MtagCore
public import MtagData
public import MtagFeatures
import MtagGraph
import MtagModels
import MtagPlugins

/// The zoo: everything that can be named on the command line, and the work that can be done with it.
public struct Zoo: Sendable {
  /// Feature presets by name.
  public let features: Registry<FeatureSpec>
  /// Architectures by name.
  public let architectures: Registry<ArchitectureEntry>
  /// Where features and the starter set are kept.
  public let cacheFolder: String
  /// How large the features kept there may be.
  public let cacheLimit: CacheLimit
  /// Where runs are made and the newest one is looked for.
  public let runsFolder: String

  /// Every architecture of the zoo: a new one is a file in `Models/` and a line here.
  private static let builtInArchitectures: [ArchitectureEntry] = [
    ArchitectureEntry(CNN4.self),
    ArchitectureEntry(CNN4Sized.self),
    ArchitectureEntry(Variant<CNN4Medium>.self),
    ArchitectureEntry(Variant<CNN4Large>.self),
    ArchitectureEntry(DCASECNN5.self),
    ArchitectureEntry(FCN5.self),
    ArchitectureEntry(FCN.self),
    ArchitectureEntry(MusiCNN.self),
    ArchitectureEntry(Variant<MusiCNNPort>.self),
    ArchitectureEntry(Variant<MusiCNNBig>.self),
    ArchitectureEntry(MusicnnVGG.self),
    ArchitectureEntry(CRNN.self),
    ArchitectureEntry(SampleCNN.self),
    ArchitectureEntry(SampleCNNSE.self),
    ArchitectureEntry(ShortChunk.self),
    ArchitectureEntry(ShortChunkRes.self),
    ArchitectureEntry(HarmonicCNN.self),
    ArchitectureEntry(CNNSA.self),
    ArchitectureEntry(Variant<PANNsCNN6>.self),
    ArchitectureEntry(PANNsCNN.self),
    ArchitectureEntry(Variant<PANNsCNN14>.self),
    ArchitectureEntry(MobileNetV1.self),
    ArchitectureEntry(MobileNetV2.self),
    ArchitectureEntry(Variant<MobileNetV3Small>.self),
    ArchitectureEntry(MobileNetV3.self),
    ArchitectureEntry(VGGish.self),
    ArchitectureEntry(YAMNet.self),
    ArchitectureEntry(AST.self),
  ]

  /// Other names of feature presets.
  static let featureAliases = ["librosa": "melspec"]

  /// Builds the registries.
  /// - Parameters:
  ///   - extraArchitectures: architectures besides those built in.
  ///   - cacheFolder: nil for the user's cache folder.
  ///   - cacheLimit: nil for `$MTAG_CACHE_LIMIT`, else the automatic one.
  ///   - runsFolder: where runs are.
  /// - Throws: `MtagError` (usage) if two entries have the same name, or the environment's limit is none.
  public init(
    extraArchitectures: [ArchitectureEntry] = [], cacheFolder: String? = nil,
    cacheLimit: CacheLimit? = nil, runsFolder: String = "runs"
  ) throws {
    features = try Registry(kind: "feature", FeaturePresets.all.map { .init(name: $0.name, entry: $0) })
    let declared = try DeclaredModels.texts.map {
      ArchitectureEntry(try DeclaredArchitecture(text: $0.text, file: $0.file))
    }
    architectures = try Registry(
      kind: "model",
      (Self.builtInArchitectures + declared).map { .init(name: $0.card.name, entry: $0) }
        + extraArchitectures.map { .init(name: $0.card.name, origin: "added by the program", entry: $0) })
    self.cacheFolder = cacheFolder ?? CacheFolder.standard()
    self.cacheLimit = try cacheLimit ?? CacheFolder.limit()
    self.runsFolder = runsFolder
  }
}
