/// What gives a graph once the input's size and the labels are known: an architecture in Swift, or one that is written down in a
/// file.
public protocol GraphSource: Sendable {
  /// The name that messages use.
  var name: String { get }
  /// The graph for an input of `bands` bands and `channels` channels, and `labels` labels.
  /// - Throws: `MtagError` (usage) for an input or a setting that cannot work.
  func graph(bands: Int, channels: Int, labels: Int) throws -> Graph
}
