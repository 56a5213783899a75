import Foundation
import MtagCore
import MtagData
import MtagTestSupport
import Testing

@Suite struct ReportTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(
    "every fault is found and nothing else: unreadable, silent, clipped, too short, duplicates, leaking groups"
  )
  func faults() throws {
    try folder.writeSound("good.wav", seconds: 2)
    try folder.writeSound("other.wav", seconds: 3, seed: 2)
    try folder.writeSound("silent.wav", seconds: 2, level: 0)
    try folder.writeSound("clipped.wav", seconds: 2, level: 4)
    try folder.writeSound("short.wav", seconds: 0.5, seed: 3)
    try folder.write("no sound at all, but long enough for a header of any kind", "broken.wav")
    try FileManager.default.copyItem(atPath: folder.path + "/good.wav", toPath: folder.path + "/copy.wav")
    try folder.write(
      """
      path,label,artist,split
      good.wav,a,Ann,train
      other.wav,a,Ann,train
      silent.wav,a,Bo,train
      clipped.wav,b,Bo,valid
      short.wav,b,Cy,valid
      broken.wav,b,Cy,valid
      copy.wav,b,Di,valid
      absent.wav,b,Di,valid

      """, "manifest.csv")
    let dataset = try Dataset.open(folder.path)
    let report = try DatasetReport.make(dataset, groupColumn: "artist", threads: 2)
    #expect(report.clips == 8)
    #expect(report.labels.map(\.clips) == [3, 5])
    #expect(report.splits.map { "\($0.name) \($0.clips)" } == ["train 3", "valid 5"])
    #expect(report.unreadable.map(\.path) == ["broken.wav", "absent.wav"].map { folder.path + "/" + $0 })
    #expect(report.silent == ["silent.wav"])
    #expect(report.clipped == ["clipped.wav"])
    #expect(report.tooShort == ["short.wav"])
    #expect(report.duplicates.map(\.ids) == [["good.wav", "copy.wav"]])
    #expect(report.duplicates[0].crossesSplits && report.duplicates[0].hasDifferentLabels)
    #expect(report.groups == 4 && report.groupsCrossingSplits == ["Bo"])
    #expect(abs(report.totalSeconds - 11.5) < 0.01 && report.medianSeconds == 2 && report.longestSeconds == 3)
    #expect(report.rates.map(\.name) == ["8000 Hz"])

    let text = report.textLines.joined(separator: "\n")
    #expect(
      text.contains("a 3, b 5")
        && text.contains("good.wav = copy.wav; in different splits; with different labels"))
    #expect(text.components(separatedBy: "/broken.wav").count == 2, "a clip is named once")
    let json = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(DatasetReport.self, from: json).duplicates == report.duplicates)
  }

  @Test("a sound dataset has no faults")
  func sound() throws {
    try folder.writeSound("a/1.wav", seconds: 2)
    try folder.writeSound("b/2.wav", seconds: 2, seed: 2)
    let report = try DatasetReport.make(Dataset.open(folder.path), threads: 1)
    #expect(report.faults.isEmpty)
    #expect(report.textLines.last == "  no faults found")
  }

  @Test("a group column that is not there is an error")
  func unknownColumn() throws {
    try folder.writeSound("a/1.wav")
    let text = message {
      try DatasetReport.make(Dataset.open(folder.path), groupColumn: "artist", threads: 1)
    }
    #expect(text.contains("no column 'artist'"))
  }
}
