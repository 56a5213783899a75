import ArgumentParser
import MtagZoo

/// `bench infer`: the network alone.
struct BenchInferCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "infer", abstract: "Time the network from features to logits, per clip.")

  @Option(help: "Clips in a batch.") var batchSize = 1
  @OptionGroup var network: NetworkBenchOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let options = try network.options(batchSize: batchSize)
    let session = try global.start()
    if global.verbose { session.display.note(try session.zoo.processorNote()) }
    try network.show(try session.run { try $0.benchInference(options, observer: $1) })
  }
}
