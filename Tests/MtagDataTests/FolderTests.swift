import Foundation
import MtagCore
import MtagData
import MtagTestSupport
import Testing

@Suite struct FolderTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func touch(_ names: String...) throws {
    for name in names { try folder.write("x", name) }
  }

  @Test("GTZAN's layout opens from its folder and from the one above, sorted naturally, hidden files ignored")
  func gtzan() throws {
    try touch(
      "genres/rock/rock.00010.au", "genres/rock/rock.00002.AU", "genres/blues/blues.00000.wav",
      "genres/blues/._blues.00000.wav", "genres/.DS_Store", "genres/blues/notes.txt",
      "images/blues/blues.00000.png")
    for path in [folder.path + "/genres", folder.path + "/genres/", folder.path] {
      let dataset = try Dataset.open(path)
      #expect(dataset.labels == ["blues", "rock"])
      #expect(
        dataset.tracks.map(\.id) == ["blues/blues.00000.wav", "rock/rock.00002.AU", "rock/rock.00010.au"])
      #expect(dataset.tracks.map(\.labels) == [[0], [1], [1]])
      #expect(dataset.name == "genres")
      #expect(FileManager.default.fileExists(atPath: dataset.tracks[1].path))
    }
  }

  @Test(
    "a class folder that cannot be read is said to be left out",
    .enabled(if: getuid() != 0, "root may read anything"))
  func closedFolder() throws {
    try touch("blues/1.wav", "rock/2.wav", "jazz/3.wav")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o000], ofItemAtPath: folder.path + "/jazz")
    defer {
      try? FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: folder.path + "/jazz")
    }
    let dataset = try Dataset.open(folder.path)
    #expect(dataset.labels == ["blues", "rock"])
    #expect(dataset.warnings.count == 1 && dataset.warnings[0].contains("/jazz cannot be read"))
    #expect(message { try Dataset.open(folder.path + "/jazz") }.contains("permissions"))
  }

  @Test("folders below a class are groups, folders train and valid above the classes are the split")
  func nested() throws {
    try touch("train/rock/Ann/1.wav", "train/jazz/2.wav", "valid/rock/Bo/live/3.wav")
    let dataset = try Dataset.open(folder.path)
    #expect(dataset.labels == ["jazz", "rock"])
    #expect(dataset.labelNames("valid/rock/Bo/live/3.wav") == ["rock"])
    #expect(dataset.tracks.map(\.group) == [nil, "Ann", "Bo"])
    #expect(dataset.tracks.map(\.split) == ["train", "train", "valid"])
    #expect(dataset.columns == ["label", "group", "split"])
    #expect(try Split.make("column:split", dataset: dataset, seed: 0).valid == [2])
  }

  @Test("links that lead back up end, and pipes are no clips", .timeLimit(.minutes(1)))
  func loops() throws {
    try touch("a/1.wav", "b/2.wav")
    for (link, target) in [("a/up", ".."), ("a/self", "."), ("b/other", "../a"), ("loop", "loop")] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/" + link, withDestinationPath: target)
    }
    #expect(mkfifo(folder.path + "/a/pipe.wav", 0o600) == 0)
    let dataset = try Dataset.open(folder.path)
    #expect(dataset.tracks.map(\.id) == ["a/1.wav", "b/2.wav"])
  }

  @Test("a folder without classes or without sound says what it needs")
  func faults() throws {
    #expect(message { try Dataset.open(folder.path) }.contains("holds no sound file"))
    try touch("1.wav", "2.wav")
    #expect(message { try Dataset.open(folder.path) }.contains("2 sound files but no class folders"))
    try touch("a/1.wav", "b/1.wav")
    let dataset = try Dataset.open(folder.path)
    #expect(dataset.tracks.count == 2)
    #expect(dataset.warnings == ["\(folder.path): 2 sound files lie in no class folder and are left out"])
    #expect(message { try Dataset.open(folder.path, label: "mood") }.contains("'mood' not found"))
  }
}
