import Foundation
import MtagCore
import Yams

/// `config.yaml`: every field by its name in snake case. A file may leave fields out; they keep their defaults.
extension TrainingConfiguration {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case model, overrides, features, dataset, label, split, epochs
    case timeBudgetSeconds = "time_budget_seconds"
    case batchSize = "batch_size"
    case cropFrames = "crop_frames"
    case optimizer
    case learningRate = "learning_rate"
    case weightDecay = "weight_decay"
    case momentum, schedule
    case warmUpShare = "warm_up_share"
    case labelSmoothing = "label_smoothing"
    case gradientClip = "gradient_clip"
    case patience
    case validationChunks = "validation_chunks"
    case initialWeights = "initial_weights"
    case initialAxes = "initial_axes"
    case initialWeightsSHA256 = "initial_weights_sha256"
    case seed, threads
  }

  /// Reads fields over the defaults.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(threads: ProcessInfo.processInfo.activeProcessorCount)
    func read<Value: Decodable>(_ key: CodingKeys, _ field: WritableKeyPath<Self, Value>) throws {
      guard values.contains(key), try !values.decodeNil(forKey: key) else { return }
      self[keyPath: field] = try values.decode(Value.self, forKey: key)
    }
    func read<Value: Decodable>(_ key: CodingKeys, _ field: WritableKeyPath<Self, Value?>) throws {
      self[keyPath: field] = try values.decodeIfPresent(Value.self, forKey: key)
    }
    try read(.model, \.model)
    try read(.overrides, \.overrides)
    try read(.features, \.features)
    try read(.dataset, \.dataset)
    try read(.label, \.label)
    try read(.split, \.split)
    try read(.epochs, \.epochs)
    try read(.timeBudgetSeconds, \.timeBudgetSeconds)
    try read(.batchSize, \.batchSize)
    try read(.cropFrames, \.cropFrames)
    try read(.optimizer, \.optimizer)
    try read(.learningRate, \.learningRate)
    try read(.weightDecay, \.weightDecay)
    try read(.momentum, \.momentum)
    try read(.schedule, \.schedule)
    try read(.warmUpShare, \.warmUpShare)
    try read(.labelSmoothing, \.labelSmoothing)
    try read(.gradientClip, \.gradientClip)
    try read(.patience, \.patience)
    try read(.validationChunks, \.validationChunks)
    try read(.initialWeights, \.initialWeights)
    try read(.initialAxes, \.initialAxes)
    try read(.initialWeightsSHA256, \.initialWeightsSHA256)
    try read(.seed, \.seed)
    try read(.threads, \.threads)
  }

  /// Reads a YAML file. A declared architecture that a run keeps beside it is named by its path.
  /// - Throws: `MtagError`: inputMissing if it cannot be opened, badData naming the field for what it cannot mean.
  public static func load(_ path: String) throws -> TrainingConfiguration {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw MtagError(.inputMissing, "configuration \(path) cannot be read; check the path")
    }
    do {
      let text = String(decoding: data, as: UTF8.self)
      if let named = try Yams.load(yaml: text) as? [String: Any] {
        let known = CodingKeys.allCases.map(\.rawValue)
        for key in named.keys.sorted() where !known.contains(key) {
          throw MtagError(.badData, "\(path): unknown field '\(key)'; \(suggestion(for: key, among: known))")
        }
      }
      var configuration = try YAMLDecoder().decode(TrainingConfiguration.self, from: text)
      let beside = (path as NSString).deletingLastPathComponent + "/" + configuration.model
      if configuration.model == RunFolder.architectureName, FileManager.default.fileExists(atPath: beside) {
        configuration.model = beside
      }
      return configuration
    } catch let error as MtagError {
      throw error
    } catch let error as DecodingError {
      throw MtagError(.badData, "\(path): \(error.oneLine)")
    } catch {
      let reason = "\(error)".split(separator: "\n").first ?? "unreadable"
      throw MtagError(.badData, "\(path) is not valid YAML: \(reason)")
    }
  }

  /// The configuration as YAML text; the same text for the same values.
  public func yaml() throws -> String {
    let encoder = YAMLEncoder()
    encoder.options.sortKeys = true
    let lines = try encoder.encode(self).split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map(Self.plainNumber).joined(separator: "\n")
  }

  /// Yams writes 0.002 as `2e-3`, which YAML 1.1 readers such as PyYAML take for text: written here as people write it.
  private static func plainNumber(_ line: Substring) -> String {
    guard let space = line.lastIndex(of: " ") else { return String(line) }
    let key = line[..<space].trimmingCharacters(in: .whitespaces)
    let word = line[line.index(after: space)...]
    let isWholeValue = key == "-" || (key.hasSuffix(":") && !key.contains(" "))
    let isScientific = word.contains("e") && word.allSatisfy { $0.isNumber || "+-.e".contains($0) }
    guard isWholeValue, isScientific, let number = Double(word) else { return String(line) }
    let plain = "\(number)"
    let text = plain.contains("e") && !plain.contains(".") ? plain.replacing("e", with: ".0e") : plain
    return line[...space] + text
  }

  /// A hash of every field that changes a result: all but the number of threads and the time budget, which `epochs`
  /// already reflects.
  public func resultHash() throws -> String {
    var copy = self
    copy.threads = 1
    copy.timeBudgetSeconds = nil
    return try SHA256Digest.hex(of: try copy.yaml())
  }
}

extension DecodingError {
  /// Where and what, in one line.
  package var oneLine: String {
    let context: Context
    switch self {
    case .typeMismatch(_, let found), .valueNotFound(_, let found), .keyNotFound(_, let found),
      .dataCorrupted(let found):
      context = found
    @unknown default: return "cannot be decoded"
    }
    let field = context.codingPath.map(\.stringValue).joined(separator: ".")
    let reason = context.debugDescription.split(separator: "\n").first.map(String.init) ?? "unreadable"
    return field.isEmpty ? reason : "field '\(field)': \(reason)"
  }
}
