import ArgumentParser
import MtagZoo

/// `--cache-limit`, where features are cached.
struct CacheOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How large all cached features may be: 20GB, 500MB, 0 keeps none (default: $MTAG_CACHE_LIMIT, else 10GB or half of "
        + "the free disk space, whichever is less).", valueName: "size"))
  var cacheLimit: String?

  func validate() throws {
    do {
      _ = try limit
    } catch let error as MtagError {
      throw ValidationError(error.message)
    }
  }

  /// The limit; nil if none was given.
  var limit: CacheLimit? {
    get throws { try cacheLimit.map { try CacheLimit(parsing: $0, source: "--cache-limit") } }
  }
}
