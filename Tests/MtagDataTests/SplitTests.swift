import Foundation
import MtagCore
import MtagData
import MtagTestSupport
import Testing

@Suite struct SplitTests {
  /// 300 clips of three labels in the proportion 6 : 3 : 1, by 40 artists of very different size; label and artist hang
  /// together as they do in collections of music.
  static let dataset: Dataset = {
    var generator = RandomGenerator(seed: 9)
    let tracks = (0..<300).map { index in
      let artist = min(generator.index(below: 40), generator.index(below: 40))
      let label = artist % 10 < 6 ? 0 : artist % 10 < 9 ? 1 : 2
      return Track(
        path: "/\(index).wav", id: "\(index).wav", labels: [label], columns: ["artist": "artist \(artist)"])
    }
    return Dataset(
      name: "made", labels: ["a", "b", "c"], isMultiLabel: false, tracks: tracks, columns: ["artist"])
  }()

  /// The share of a label's clips that stand in some tracks.
  private func share(_ label: Int, in indices: [Int], of dataset: Dataset) -> Double {
    let all = dataset.tracks.count { $0.labels.contains(label) }
    return Double(indices.count { dataset.tracks[$0].labels.contains(label) }) / Double(all)
  }

  @Test("random splits keep every label's share to within a clip", arguments: 0..<5 as Range<UInt64>)
  func random(seed: UInt64) throws {
    let split = try Split.make("random:0.8", dataset: Self.dataset, seed: seed)
    #expect((split.train + split.valid).sorted() == Array(0..<300))
    #expect(split.test.isEmpty && split.unassigned.isEmpty)
    for label in 0..<3 {
      let all = Double(Self.dataset.tracks.count { $0.labels == [label] })
      #expect(abs(share(label, in: split.train, of: Self.dataset) - 0.8) <= 1 / all)
    }
  }

  @Test("three parts have their shares, several labels a clip too")
  func severalLabels() throws {
    var generator = RandomGenerator(seed: 4)
    let tracks = (0..<400).map { index in
      Track(path: "", id: "\(index)", labels: (0..<8).filter { generator.index(below: 2 + $0 * 2) == 0 })
    }
    let dataset = Dataset(name: "tags", labels: (0..<8).map { "\($0)" }, isMultiLabel: true, tracks: tracks)
    let split = try Split.make("random:0.7:0.1", dataset: dataset, seed: 1)
    #expect((split.train + split.valid + split.test).sorted() == Array(0..<400))
    for label in 0..<8 {
      let all = Double(tracks.count { $0.labels.contains(label) })
      #expect(abs(share(label, in: split.train, of: dataset) - 0.7) < 3 / all)
      #expect(abs(share(label, in: split.test, of: dataset) - 0.2) < 3 / all)
    }
  }

  @Test("groups never cross, and labels keep their shares roughly", arguments: 0..<5 as Range<UInt64>)
  func groups(seed: UInt64) throws {
    let split = try Split.make("group:artist:0.8", dataset: Self.dataset, seed: seed)
    #expect((split.train + split.valid).sorted() == Array(0..<300))
    let artists = [split.train, split.valid].map { Set($0.map { Self.dataset.tracks[$0].columns["artist"] }) }
    #expect(artists[0].isDisjoint(with: artists[1]))
    #expect(abs(Double(split.train.count) / 300 - 0.8) < 0.03)
    for label in 0..<2 { #expect(abs(share(label, in: split.train, of: Self.dataset) - 0.8) < 0.08) }
  }

  @Test(
    "the seed decides: the same one gives the same hash, another one another; the order of the tracks is no matter"
  )
  func hash() throws {
    let first = try Split.make("random:0.8", dataset: Self.dataset, seed: 1)
    #expect(try Split.make("random:0.8", dataset: Self.dataset, seed: 1) == first)
    #expect(try Split.make("random:0.8", dataset: Self.dataset, seed: 2).sha256 != first.sha256)
    let tracks = [("b", "train"), ("a", "valid")].map {
      Track(path: "", id: $0.0, labels: [0], split: $0.1, columns: ["split": $0.1])
    }
    let hashes = try [tracks, tracks.reversed()].map {
      try Split.make(
        "column:split", dataset: Dataset(name: "", labels: ["x"], isMultiLabel: false, tracks: $0), seed: 0
      ).sha256
    }
    #expect(hashes[0] == hashes[1])
    // printf 'a\tvalid\nb\ttrain\n' | sha256sum
    #expect(hashes[0] == "ca330cbc7f7c6c5cd33816a59db6a9b875cc6dcddd9ba0b8da192b454291a9a2")
  }

  @Test("labels that a part has no clip of are noted")
  func missingLabels() throws {
    let rows = [("train", 0), ("train", 1), ("valid", 1)]
    let tracks = rows.enumerated().map {
      Track(path: "", id: "\($0)", labels: [$1.1], columns: ["split": $1.0])
    }
    let dataset = Dataset(name: "", labels: ["flute", "harp"], isMultiLabel: false, tracks: tracks)
    let split = try Split.make("column:split", dataset: dataset, seed: 0)
    #expect(split.notes == ["no clip of 'flute' in 'valid' (1 of 2 labels)"])
    #expect(try Split.make("random:0.8", dataset: Self.dataset, seed: 0).notes.isEmpty)
  }

  @Test("a split survives JSON")
  func codable() throws {
    let split = try Split.make("random:0.8:0.1", dataset: Self.dataset, seed: 1)
    #expect(try JSONDecoder().decode(Split.self, from: JSONEncoder().encode(split)) == split)
  }

  @Test("a column says the part in the words people use")
  func column() throws {
    let words = ["train", "Training", "valid", "val", "dev", "validation", "TEST"]
    let tracks = words.enumerated().map { Track(path: "", id: "\($0)", labels: [0], columns: ["fold": $1]) }
    let dataset = Dataset(name: "", labels: ["x"], isMultiLabel: false, tracks: tracks, columns: ["fold"])
    let split = try Split.make("column:fold", dataset: dataset, seed: 0)
    #expect(split.train == [0, 1] && split.valid == [2, 3, 4, 5] && split.test == [6])
    #expect(Split.defaultText(for: dataset) == "random:0.8")
  }

  @Test("a manifest's Split and Artist columns are found in other letters' case, an exact name first")
  func columnCase() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      "path,label,Split,Artist\n1.wav,a,train,x\n2.wav,a,valid,y\n3.wav,b,train,x\n4.wav,b,valid,y\n", "m.csv"
    )
    let dataset = try Dataset.open(file)
    let split = try Split.make(Split.defaultText(for: dataset), dataset: dataset, seed: 0)
    #expect(split.train == [0, 2] && split.valid == [1, 3])
    let groups = try Split.make("group:artist:0.5", dataset: dataset, seed: 0)
    #expect([groups.train, groups.valid].map(Set.init).contains([0, 2]))
    let both = try Dataset.open(
      folder.write("path,label,FOLD,fold\n1.wav,a,test,train\n2.wav,a,test,valid\n", "b.csv"))
    #expect(try Split.make("column:fold", dataset: both, seed: 0).test.isEmpty)
  }

  @Test(
    "texts that mean no split are refused with the remedy",
    arguments: [
      ("half", "write random:0.8"), ("random:1.2", "more than 0 and less than 1"), ("random:x", "'random:x'"),
      ("random:0.8:0.2", "less than 1"), ("random:", "such as 0.8"), ("group:artist", "group:artist:0.8"),
      ("group:composer:0.8", "no column 'composer'; its columns: artist"), ("column:", "column:split"),
      ("column:artist", "(the first is 0.wav); write train, valid or test"), ("lists:/nowhere", "/nowhere"),
      ("random:0.999", "leaves no clip for 'valid'"),
    ])
  func faults(text: String, expected: String) {
    let text = message { try Split.make(text, dataset: Self.dataset, seed: 0) }
    #expect(text.contains(expected), "\(text)")
  }

  @Test("asking for an empty part is an error that names split and part")
  func emptyPart() throws {
    let split = try Split.make("random:0.8", dataset: Self.dataset, seed: 0)
    #expect(try split.indices(of: .valid) == split.valid)
    #expect(message { try split.indices(of: .test) }.contains("'random:0.8' has no track in 'test'"))
  }
}
