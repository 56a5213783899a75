// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors in the test command and in CI (Tools/test sets this); a user's newer compiler may
// know warnings that we do not, and must still build.
let warningsAreErrors = Context.environment["MTAG_WARNINGS_AS_ERRORS"] == "1"

func system(_ name: String, pkgConfig: String, apt: String, brew: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt]), .brew([brew])])
}

/// One copy of the hot loops for one instruction-set level. `-Ounchecked` also in debug builds: the loops are
/// bounded by their callers' preconditions and would otherwise be a hundred times slower in tests.
func kernels(_ name: String, define: String, architecture: String?) -> Target {
  let march = architecture.map { ["-Xcc", "-march=\($0)"] } ?? []
  return .target(
    name: name,
    dependencies: ["MtagKernelTypes", "CKernelHints"],
    swiftSettings: [
      .define(define),
      .unsafeFlags(["-Ounchecked", "-wmo", "-num-threads", "2"]),
      .unsafeFlags(march, .when(platforms: [.linux])),
    ])
}

/// For targets with plain loops over whole networks: without optimisation those take most of a test run.
let naiveLoops: [SwiftSetting] = [.unsafeFlags(["-O"])]

let package = Package(
  name: "mtag-zoo",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "MtagZoo", targets: ["MtagZoo"]),
    .library(name: "MtagConformance", targets: ["MtagConformance"]),
    .executable(name: "mtag-zoo", targets: ["mtag-zoo"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: [
    // MARK: System libraries
    // FFTW's single and double precision: one package, one header, two libraries (the module map links both).
    system("CFFTW", pkgConfig: "fftw3f", apt: "libfftw3-dev", brew: "fftw"),
    system("CSndFile", pkgConfig: "sndfile", apt: "libsndfile1-dev", brew: "libsndfile"),
    system("CSoxr", pkgConfig: "soxr", apt: "libsoxr-dev", brew: "libsoxr"),
    system("CPNG", pkgConfig: "libpng", apt: "libpng-dev", brew: "libpng"),
    system("CPangoCairo", pkgConfig: "cairo", apt: "libpango1.0-dev", brew: "pango"),
    system("CProtobufC", pkgConfig: "libprotobuf-c", apt: "libprotobuf-c-dev", brew: "protobuf-c"),
    system("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev", brew: "openssl@3"),
    system("CXXHash", pkgConfig: "libxxhash", apt: "libxxhash-dev", brew: "xxhash"),

    // MARK: Foundations
    .target(name: "CCPUFeatures"),
    .target(name: "CKernelHints"),
    .target(name: "COnnx", dependencies: ["CProtobufC"], exclude: ["onnx.proto"]),
    .target(name: "MtagCore", dependencies: ["CCrypto", "CXXHash"]),

    // MARK: Hot loops, one target a level, the same sources by symbolic link
    .target(name: "MtagKernelTypes"),
    kernels("MtagKernelsBase", define: "MTAG_BASE", architecture: nil),
    kernels("MtagKernelsV3", define: "MTAG_V3", architecture: "x86-64-v3"),
    kernels("MtagKernelsV4", define: "MTAG_V4", architecture: "x86-64-v4"),
    .target(
      name: "MtagKernels",
      dependencies: [
        "MtagCore", "CCPUFeatures", "MtagKernelTypes", "MtagKernelsBase", "MtagKernelsV3", "MtagKernelsV4",
      ]),

    // MARK: The road from sound to tags
    .target(name: "MtagAudio", dependencies: ["MtagCore", "CSndFile", "CSoxr"]),
    .target(name: "MtagFeatures", dependencies: ["MtagCore", "MtagKernels", "MtagKernelTypes", "CFFTW"]),
    .target(name: "MtagGraph", dependencies: ["MtagCore"]),
    .target(name: "MtagModel", dependencies: ["MtagCore", "MtagFeatures", "MtagGraph"]),
    .target(
      name: "MtagEngine",
      dependencies: ["MtagCore", "MtagGraph", "MtagKernels", "MtagKernelTypes"]),
    .target(
      name: "MtagData",
      dependencies: [
        "MtagCore", "MtagAudio", "MtagFeatures", .product(name: "SwiftCSV", package: "SwiftCSV"),
      ]),
    .target(
      name: "MtagTraining",
      dependencies: [
        "MtagCore", "MtagAudio", "MtagFeatures", "MtagGraph", "MtagData", "MtagEngine", "MtagModel",
        .product(name: "Yams", package: "Yams"),
      ]),
    .target(
      name: "MtagONNX",
      dependencies: ["MtagCore", "MtagGraph", "MtagFeatures", "MtagModel", "COnnx", "CProtobufC"],
      // The check of an exported file walks the whole network in plain loops.
      swiftSettings: naiveLoops),
    .target(name: "MtagRender", dependencies: ["MtagCore", "CPNG", "CPangoCairo"]),
    .target(
      name: "MtagModels", dependencies: ["MtagCore", "MtagGraph"], path: "Models",
      resources: [.embedInCode("tutorial-cnn.yaml"), .embedInCode("small-resnet-se.yaml")]),
    .target(
      name: "MtagPlugins", dependencies: ["MtagCore", "MtagGraph", .product(name: "Yams", package: "Yams")]),
    .target(
      name: "MtagZoo",
      dependencies: [
        "MtagCore", "MtagKernels", "MtagKernelTypes", "MtagAudio", "MtagFeatures", "MtagGraph", "MtagModel",
        "MtagEngine", "MtagData", "MtagTraining", "MtagONNX", "MtagRender", "MtagModels", "MtagPlugins",
      ]),
    .target(
      name: "MtagConformance",
      dependencies: ["MtagCore", "MtagFeatures", "MtagGraph", "MtagEngine", "MtagTraining", "MtagZoo"]),
    .executableTarget(
      name: "mtag-zoo",
      dependencies: [
        // What MtagZoo re-exports is declared too: an incremental build follows declared dependencies only.
        "MtagZoo", "MtagCore", "MtagData", "MtagFeatures", "MtagGraph", "MtagModel", "MtagONNX", "MtagRender",
        "MtagTraining",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // MARK: Tests
    .target(name: "MtagTestSupport", dependencies: ["MtagCore"], path: "Tests/MtagTestSupport"),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(name: "MtagCoreTests", dependencies: ["MtagCore", "MtagTestSupport"]),
    .testTarget(
      name: "MtagKernelsTests", dependencies: ["MtagKernels", "MtagKernelTypes", "MtagTestSupport"],
      swiftSettings: naiveLoops),
    .testTarget(name: "MtagAudioTests", dependencies: ["MtagAudio", "MtagTestSupport"]),
    .testTarget(name: "MtagFeaturesTests", dependencies: ["MtagFeatures", "MtagTestSupport"]),
    .testTarget(name: "MtagGraphTests", dependencies: ["MtagGraph", "MtagModels", "MtagTestSupport"]),
    .testTarget(name: "MtagModelTests", dependencies: ["MtagModel", "MtagModels", "MtagTestSupport"]),
    .testTarget(
      name: "MtagEngineTests",
      dependencies: [
        "MtagEngine", "MtagKernels", "MtagKernelTypes", "MtagModels", "MtagTestSupport", "CAllocationCounter",
      ],
      swiftSettings: naiveLoops),
    .testTarget(name: "MtagDataTests", dependencies: ["MtagData", "MtagAudio", "MtagTestSupport"]),
    .testTarget(
      name: "MtagTrainingTests",
      dependencies: [
        "MtagTraining", "MtagAudio", "MtagData", "MtagFeatures", "MtagModel", "MtagModels", "MtagTestSupport",
      ]),
    .testTarget(name: "MtagPluginsTests", dependencies: ["MtagPlugins", "MtagModels", "MtagTestSupport"]),
    .testTarget(
      name: "MtagONNXTests",
      dependencies: ["MtagONNX", "MtagEngine", "MtagModels", "MtagTestSupport", "COnnx", "CProtobufC"]),
    .testTarget(name: "MtagRenderTests", dependencies: ["MtagRender", "MtagTestSupport"]),
    .testTarget(
      name: "MtagZooTests",
      dependencies: [
        "MtagZoo", "MtagAudio", "MtagConformance", "MtagData", "MtagEngine", "MtagKernels", "MtagONNX",
        "MtagRender",
        "MtagTraining",
        "MtagTestSupport",
      ]),
    .testTarget(name: "CLITests", dependencies: ["mtag-zoo", "MtagTestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)

// The upcoming language features that keep C modules and existential costs visible: SE-0335, SE-0409, SE-0444.
for target in package.targets
where target.type != .system && !target.name.hasPrefix("C") || target.name == "CLITests" {
  var settings = target.swiftSettings ?? []
  settings.append(contentsOf: [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ])
  if warningsAreErrors { settings.append(.treatAllWarnings(as: .error)) }
  target.swiftSettings = settings
  // Tests use these values everywhere; only a declared dependency makes an incremental build see that they changed.
  for name in ["MtagCore", "MtagFeatures", "MtagGraph", "MtagModel"] where target.type == .test {
    let isDeclared = target.dependencies.contains {
      if case .byNameItem(name, _) = $0 { true } else { false }
    }
    if !isDeclared { target.dependencies.append(.byName(name: name)) }
  }
}
