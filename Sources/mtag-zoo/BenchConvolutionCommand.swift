import ArgumentParser
import MtagZoo

/// `bench convolution`: one layer alone.
struct BenchConvolutionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convolution", abstract: "Time one convolution: its output, and both its gradients.",
    discussion: "Sizes are BANDSxFRAMES, as in --kernel 5x5.")

  @Option(help: "The input: BANDSxFRAMESxCHANNELS.") var input = "128x646x32"
  @Option(help: "Output channels.") var channels = 64
  @Option(help: "The kernel.") var kernel = "3x3"
  @Option(help: "The stride.") var stride = "1x1"
  @Option(help: "Zeros on each side; if left out, those that keep the size at stride 1.") var padding: String?
  @Option(help: "Steps between the kernel's taps.") var dilation = "1x1"
  @Option(help: "Groups of channels; as many as input channels: depthwise.") var groups = 1
  @Flag(help: "Backward without the input's gradient, as in a network's first layer.") var firstLayer = false
  @Option(help: "Clips in a batch.") var batchSize = 1
  @Option(help: "Threads.") var threads = 1
  @Option(help: "Measurements.") var repeats = 5
  @Flag(help: "Print one JSON object.") var json = false
  @OptionGroup var global: GlobalOptions

  func run() throws {
    var options = ConvolutionBenchOptions()
    options.input = input
    options.channels = channels
    options.kernel = kernel
    options.stride = stride
    options.padding = padding
    options.dilation = dilation
    options.groups = groups
    options.hasInputGradient = !firstLayer
    options.batchSize = batchSize
    options.threads = threads
    options.repeats = repeats
    let result = try global.start().run { try $0.benchConvolution(options, observer: $1) }
    if json { return try StandardStreams.result(json: result) }
    for (name, times, rate) in [
      ("forward", result.forward, result.forwardGFLOPS), ("backward", result.backward, result.backwardGFLOPS),
    ] {
      let line = BenchCommand.line("\(result.operation) \(name), \(result.unit)", times)
      try StandardStreams.result("\(line); \(String(rounding: rate, digits: 1)) GFLOP/s")
    }
  }
}
