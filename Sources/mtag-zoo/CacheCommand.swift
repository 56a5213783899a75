import ArgumentParser

/// `cache`: the features that were computed once.
struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache", abstract: "Look at the cached features, or remove them.",
    discussion: "The folder is $MTAG_CACHE, else the system's cache folder for this program.",
    subcommands: [CacheInfoCommand.self, CacheClearCommand.self])
}
