import MtagCore

/// The shares of `random:0.8` and its like: train and the rest valid, or train, valid and the rest test.
struct PartShares {
  let parts: [(part: Split.Part, share: Double)]

  init(_ argument: String, of text: String) throws {
    let numbers = argument.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    let sum = numbers.reduce(0, +)
    guard (1...2).contains(numbers.count), numbers.allSatisfy({ $0 > 0 && $0 < 1 }), sum < 1 else {
      throw MtagError(
        .usage,
        "split '\(text)': the share that trains must be more than 0 and less than 1, such as 0.8; "
          + "0.8:0.1 leaves the rest for test")
    }
    let names: [Split.Part] = [.train, .valid, .test]
    parts = zip(names, numbers + [1 - sum]).map { ($0, $1) }
  }
}
