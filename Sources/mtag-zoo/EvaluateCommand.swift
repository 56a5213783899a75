public import ArgumentParser
public import MtagZoo

extension Split.Part: ExpressibleByArgument {}

/// `evaluate`: how good a model is on clips whose labels are known.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a model: accuracy or ROC-AUC, per-label table, confusion matrix.")

  @Argument(help: "A run folder or .safetensors file; the newest run if left out.")
  var model: String?

  @Option(help: "The clips; the held-out ones of the run if left out.")
  var dataset: String?

  @Option(help: "The column that holds the labels.")
  var label: String?

  @Option(help: "A split such as column:split, or valid or test of the run's own; every clip if left out.")
  var split: String?

  @Option(help: "train, valid or test: which part of --split (default: test if it has clips, else valid).")
  var part: Split.Part?

  @Option(help: "The seed of a random split (default: the run's own).")
  var seed: UInt64?

  @Option(help: "Chunks of each clip whose scores are averaged (default: as in the run's validation, 5).")
  var chunks: Int?

  @Flag(help: "Print one JSON object.")
  var json = false

  @OptionGroup var cache: CacheOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if let chunks, chunks < 1 { throw ValidationError("--chunks \(chunks) must be ≥ 1") }
    if part != nil && split == nil { throw ValidationError("--part needs --split") }
  }

  func run() throws {
    var request = EvaluationRequest(threads: threads.count)
    request.model = model
    request.dataset = dataset
    request.label = label
    request.split = split
    request.part = part
    request.seed = seed
    request.chunks = chunks
    let report = try global.start(cacheLimit: cache.limit).run { try $0.evaluate(request, observer: $1) }
    if json { return try StandardStreams.result(report.json()) }
    for line in EvaluationTable.lines(report) { try StandardStreams.result(line) }
  }
}
