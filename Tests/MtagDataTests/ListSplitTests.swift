import MtagCore
import MtagData
import MtagTestSupport
import Testing

@Suite struct ListSplitTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func dataset(_ ids: String...) -> Dataset {
    Dataset(
      name: "genres", labels: ["x"], isMultiLabel: false,
      tracks: ids.map { Track(path: $0, id: $0, labels: [0]) })
  }

  @Test(
    "lines fit by path, by folder and name, or by name, whatever the extension; the rest is left out and counted"
  )
  func matches() throws {
    let dataset = dataset(
      "genres/blues/blues.00000.au", "genres/blues/blues.00001.au", "genres/rock/rock.00000.au",
      "genres/rock/rock.00001.au", "genres/rock/rock.00002.au")
    try folder.write(
      "blues/blues.00000.wav\r\n# a remark\r\ngenres/rock/rock.00000.au\r\n", "train_filtered.txt")
    try folder.write("blues.00001\nrock/rock.00099.wav\n\n", "valid_filtered.txt")
    try folder.write("rock.00001.wav", "test_filtered.txt")
    try folder.write("ignored", "README.txt")
    let split = try Split.make("lists:\(folder.path)", dataset: dataset, seed: 0)
    #expect(split.train == [0, 2] && split.valid == [1] && split.test == [3] && split.unassigned == [4])
    #expect(
      split.notes == [
        "1 of 5 clips stand in no list and are left out",
        "1 of 5 lines fit no clip: 'rock/rock.00099.wav' (valid_filtered.txt line 2)",
      ])
  }

  @Test("a clip in two lists, a name that fits two clips, and lists of other clips are errors")
  func faults() throws {
    let dataset = dataset("a/1.wav", "b/1.wav", "b/2.wav")
    let split = { try Split.make("lists:\(folder.path)", dataset: dataset, seed: 0) }
    #expect(message(split).contains("needs train"))
    try folder.write("a/1.wav\nb/2.wav\n", "train.txt")
    try folder.write("b/1.wav\nb/2.wav\n", "val.txt")
    #expect(message(split).contains("b/2.wav stands in two parts: train.txt line 2 and val.txt line 2"))
    try folder.write("1.wav\n", "val.txt")
    #expect(message(split).contains("val.txt line 1: '1.wav' fits 2 clips"))
    try folder.write("x/7.wav\n", "val.txt")
    try folder.write("x/8.wav\n", "train.txt")
    #expect(message(split).contains("none of the 2 lines"))
  }
}
