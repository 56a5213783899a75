import ArgumentParser
import MtagZoo

/// `bench train`: whole training steps.
struct BenchTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Time a training step: forward, loss, backward, AdamW.")

  @Option(help: "Clips in a batch.") var batchSize = 16
  @OptionGroup var network: NetworkBenchOptions
  @OptionGroup var global: GlobalOptions

  func run() throws {
    let options = try network.options(batchSize: batchSize)
    let session = try global.start()
    if global.verbose { session.display.note(try session.zoo.processorNote()) }
    try network.show(try session.run { try $0.benchTraining(options, observer: $1) })
  }
}
