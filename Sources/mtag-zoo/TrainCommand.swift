import ArgumentParser
import MtagZoo

/// `train`: a new run, or the rest of one that was stopped.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a model into a run folder.",
    discussion: """
      Without --dataset it trains on the embedded starter set. Ctrl-C saves first; --resume goes on to the same bytes of \
      weights as a run that was never stopped.
      """)

  @OptionGroup var recipe: RecipeOptions

  @Option(help: "Go on with this run folder; only --threads and --cache-limit may be given with it.")
  var resume: String?

  @Option(help: "The run folder itself; runs/DATE-MODEL if left out.")
  var out: String?

  @OptionGroup var cache: CacheOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard resume != nil else { return }
    if out != nil || !recipe.isEmpty {
      throw ValidationError(
        "--resume takes everything from the run's config.yaml; only --threads and --cache-limit may be given with it"
      )
    }
  }

  func run() throws {
    let report = try global.start(cacheLimit: cache.limit).run { zoo, observer in
      if let resume { return try zoo.resume(resume, threads: threads.threads, observer: observer) }
      let configuration = try recipe.configuration(threads: threads.threads, zoo: zoo)
      if configuration.dataset == Zoo.starterName {
        observer.note(
          "training on the synthesised starter set, which is no real music; use your own with --dataset FOLDER (one "
            + "folder per class) or --dataset manifest.csv")
      }
      return try zoo.train(configuration, runFolder: out, observer: observer)
    }
    for line in Self.summary(report) { try StandardStreams.result(line) }
  }

  private static func summary(_ report: TrainingReport) -> [String] {
    let table = report.validation.map(EvaluationTable.lines) ?? []
    let best =
      report.validation == nil ? "" : " (of epoch \(report.bestEpoch), chosen on these validation clips)"
    return table + [
      "model: \(report.folder.best)\(best)", "report: \(report.folder.report)",
    ]
  }
}
