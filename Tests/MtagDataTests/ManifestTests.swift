import Foundation
import MtagCore
import MtagData
import MtagTestSupport
import Testing

@Suite struct ManifestTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ text: String, _ name: String = "manifest.csv", label: String? = nil) throws -> Dataset {
    try Dataset.open(folder.write(text, name), label: label)
  }

  @Test("a folder with manifest.csv opens it, with paths beside the manifest and other columns kept")
  func opensFolder() throws {
    try folder.write(
      "path,genre,artist,split\na/1.wav,rock,Ann,train\nb/2.wav,blues,Bo,valid\n", "manifest.csv")
    let dataset = try Dataset.open(folder.path)
    #expect(dataset.labels == ["blues", "rock"])
    #expect(!dataset.isMultiLabel)
    #expect(dataset.tracks.map(\.path) == [folder.path + "/a/1.wav", folder.path + "/b/2.wav"])
    #expect(dataset.tracks.map(\.id) == ["a/1.wav", "b/2.wav"])
    #expect(dataset.tracks.map(\.split) == ["train", "valid"])
    #expect(dataset.tracks[0].columns["artist"] == "Ann")
    #expect(dataset.columns == ["path", "genre", "artist", "split"])
    #expect(dataset.targets(of: 0) == [0, 1])
    #expect(dataset.warnings.isEmpty)
  }

  @Test("labels are sorted naturally, and several per clip come from |")
  func severalLabels() throws {
    let dataset = try open("path,label\n1.wav,tag10|tag2\n2.wav, tag2 \n3.wav,\n4.wav,tag1|tag2|tag1\n")
    #expect(dataset.labels == ["tag1", "tag2", "tag10"])
    #expect(dataset.isMultiLabel)
    #expect(dataset.tracks.map(\.labels) == [[1, 2], [1], [], [0, 1]])
    #expect(dataset.targets(of: 3) == [1, 1, 0])
    #expect(dataset.warnings.isEmpty)
  }

  @Test("several label columns are put together, and make clips have several labels")
  func severalColumns() throws {
    let dataset = try open("path,genre,mood\n1.wav,rock,sad\n2.wav,rock,\n", label: "genre, mood")
    #expect(dataset.labels == ["rock", "sad"])
    #expect(dataset.isMultiLabel)
    #expect(dataset.labelColumns == ["genre", "mood"])
  }

  @Test("an empty label makes clips have any number, and says where it is")
  func emptyLabel() throws {
    let dataset = try open("path,label\n1.wav,a\n2.wav,\n3.wav,b\n")
    #expect(dataset.isMultiLabel)
    #expect(dataset.warnings.count == 1)
    #expect(dataset.warnings.first?.contains("1 of 3 rows (the first is line 3)") == true)
  }

  @Test(
    "byte order marks, line ends of Windows, semicolons, tabs, blank lines and quotes are read",
    arguments: [
      "\u{FEFF}path,label\r\n\"a, b.wav\",x\r\n\r\n\"c \"\"d\"\".wav\",y\r\n",
      "path;label\n\"a, b.wav\";x\n\"c \"\"d\"\".wav\";y",
      "path\tlabel\na, b.wav\tx\n\"c \"\"d\"\".wav\"\ty\n\n",
    ])
  func dialects(text: String) throws {
    let dataset = try open(text, "m.csv")
    #expect(dataset.tracks.map(\.id) == ["a, b.wav", "c \"d\".wav"])
    #expect(dataset.labels == ["x", "y"])
  }

  @Test("JSON lines read like a table; arrays are several labels")
  func jsonLines() throws {
    let text =
      "{\"path\": \"1.wav\", \"label\": [\"a\", \"b\"], \"year\": 1999}\n\n{\"path\": \"2.wav\", \"label\": null}\n"
    let dataset = try open(text, "m.jsonl")
    #expect(dataset.labels == ["a", "b"])
    #expect(dataset.isMultiLabel)
    #expect(dataset.tracks.map(\.labels) == [[0, 1], []])
    #expect(dataset.tracks[0].columns["year"] == "1999")
  }

  @Test("a line separator inside a JSON text is no end of the line")
  func separatorsInJSON() throws {
    let text =
      "{\"path\": \"1.wav\", \"label\": \"a\", \"title\": \"x\u{2028}y\u{85}z\"}\r\n{\"path\": \"2.wav\", \"label\": \"b\"}"
    let dataset = try open(text, "m.jsonl")
    #expect(dataset.tracks.map(\.columns["title"]) == ["x\u{2028}y\u{85}z", nil])
  }

  @Test(
    "absolute paths and paths out of the folder are taken as they are; those below it keep their relative id")
  func otherPaths() throws {
    let dataset = try open(
      "path,label\n/elsewhere/1.wav,a\n../2.wav,a\n\(folder.path)/x/3.wav,b\n./y//4.wav,b\n")
    #expect(dataset.tracks.map(\.id) == ["/elsewhere/1.wav", "../2.wav", "x/3.wav", "y/4.wav"])
    #expect(dataset.tracks[0].path == "/elsewhere/1.wav")
    #expect(dataset.tracks[2].path == folder.path + "/x/3.wav")
  }

  @Test("the label column is label, else genre, else the only one that can be")
  func defaultColumn() throws {
    #expect(try open("path,genre,label\n1.wav,a,b\n").labelColumns == ["label"])
    #expect(try open("path,Genre,year\n1.wav,a,b\n").labelColumns == ["Genre"])
    #expect(try open("file,split,family,group\n1.wav,train,b,c\n").labelColumns == ["family"])
    let text = message { try open("path,family,pitch\n1.wav,a,b\n") }
    #expect(text.contains("--label") && text.contains("family, pitch"))
    #expect(message { try open("path,family\n1.wav,a\n", label: "mood") }.contains("'mood' not found"))
  }

  @Test(
    "what cannot be used is refused with file, line and reason",
    arguments: [
      ("", "is empty"),
      ("\n\n", "column 1 has no name"),
      ("path,label\n", "no row"),
      ("file name,label\n1.wav,a\n", "no 'path' column; its columns: file name, label"),
      ("path,label,label\n1.wav,a,b\n", "line 1: column 'label' stands there twice"),
      ("path,label\n1.wav,a\n2.wav,b,c\n", "line 3: 3 values for 2 columns"),
      ("path,label\n\"1\n1.wav\",a\n2.wav,b,c\n", "line 4: 3 values"),
      ("path,label\n1.wav,a\n,b\n", "line 3: column 'path' is empty"),
      ("path,label\n1.wav,a\n2.wav,b\n./1.wav,b\n", "line 4: './1.wav' stands on line 2 too"),
      ("path,label\n1.wav,a\n\"2.wav,b\n3.wav,c\n", "line 3: a double quote is opened and never closed"),
      ("path,label\n1.wav,a\n2\"b\".wav,b\n", "line 3: a double quote stands inside a value"),
      ("path,label\n1.wav,\n2.wav,\n", "holds no label at all"),
    ])
  func faults(text: String, expected: String) throws {
    let text = message { try open(text, "m.csv") }
    #expect(text.contains("m.csv"), "\(text)")
    #expect(text.contains(expected), "\(text)")
  }

  @Test("bytes that are no text and JSON that is no object are refused with their line")
  func notText() throws {
    let file = try folder.write(
      Data("path,label\n1.wav,a\n2.wav,\u{e9}\n".unicodeScalars.map { UInt8($0.value) }), "l.csv")
    #expect(message { try Dataset.open(file) }.contains("line 3: not UTF-8"))
    let wide = try folder.write(Data([0xFF, 0xFE, 0x70, 0]), "w.csv")
    #expect(message { try Dataset.open(wide) }.contains("UTF-16"))
    #expect(
      message { try open("{\"path\": \"1.wav\"}\n[1]\n", "m.jsonl") }.contains("line 2: not a JSON object"))
    #expect(
      message { try open("{\"path\": \"1.wav\", \"label\": {\"a\": 1}}\n", "m.jsonl") }.contains("line 1"))
  }

  @Test("a path that is not there, or is no manifest, is named")
  func wrongPath() throws {
    #expect(message { try Dataset.open(folder.path + "/none") }.contains("is not there"))
    #expect(message { try open("x", "m.txt") }.contains("is no dataset"))
    #expect(mkfifo(folder.path + "/pipe.csv", 0o600) == 0)
    #expect(
      message { try Dataset.open(folder.path + "/pipe.csv") }.contains("neither a folder nor a regular file"))
  }
}
