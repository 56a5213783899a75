import MtagCore
import MtagKernelTypes

/// What a clip keeps of each frame until its end is known, frame after frame. Some tens of megabytes stay in memory; what is more
/// goes to a temporary file.
package final class FrameStore {
  /// Values of one group of 16 frames.
  let groupCount: Int
  /// Values of a full piece: whole groups, some 1 MiB or one group.
  private let pieceCount: Int
  /// Full pieces but the last; in pieces so that a long clip is never copied to grow.
  private var pieces: [[Float]] = []
  /// What came after `largestResidentPieces`.
  private var file: TemporaryFile?
  private var valuesInFile = 0

  /// 64 MiB, or one piece: an hour of 96 bands every 23 ms.
  private let largestResidentPieces: Int
  package static let largestResidentCount = 16_777_216

  /// - Parameters:
  ///   - rows: values of each frame.
  ///   - residentCount: how many values may stay in memory.
  package init(rows: Int, residentCount: Int = FrameStore.largestResidentCount) {
    groupCount = rows * FeatureKernels.framesPerGroup
    pieceCount = max(1, 262_144 / groupCount) * groupCount
    largestResidentPieces = max(1, residentCount / pieceCount)
  }

  /// Forgets everything but the memory of the first piece.
  package func reset() {
    file = nil
    valuesInFile = 0
    guard !pieces.isEmpty else { return }
    pieces.removeSubrange(1...)
    pieces[0].removeAll(keepingCapacity: true)
  }

  /// Appends one group, `[rows, 16]`.
  /// - Throws: `MtagError` (cannotCreate, inputOutput) if the temporary file cannot be written.
  package func append(_ group: UnsafeBufferPointer<Float>) throws {
    precondition(group.count == groupCount, "\(group.count) values are no group of \(groupCount)")
    if pieces.last.map({ $0.count == pieceCount }) ?? true { try startPiece() }
    pieces[pieces.count - 1].append(contentsOf: group)
  }

  /// Lends every group in order, as it was appended.
  /// - Throws: what `body` throws; `MtagError` (inputOutput) if the temporary file cannot be read.
  package func forEachGroup(_ body: (UnsafePointer<Float>) throws -> Void) throws {
    // The last piece is the newest: what is in the file stands between it and the others.
    let resident = file == nil ? pieces.count : largestResidentPieces
    for piece in pieces[..<resident] { try lend(piece, body) }
    guard file != nil else { return }
    var place = 0
    var piece = [Float](repeating: 0, count: pieceCount)
    while place < valuesInFile {
      try piece.withUnsafeMutableBufferPointer { try file?.read(into: $0, at: place) }
      try lend(piece, body)
      place += pieceCount
    }
    for piece in pieces[resident...] { try lend(piece, body) }
  }

  private func lend(_ piece: [Float], _ body: (UnsafePointer<Float>) throws -> Void) throws {
    try piece.withUnsafeBufferPointer { piece in
      guard let start = piece.baseAddress else { return }
      for offset in stride(from: 0, to: piece.count, by: groupCount) { try body(start + offset) }
    }
  }

  private func startPiece() throws {
    if pieces.count > largestResidentPieces {
      // The newest piece is full: it goes to the file, and its memory is used again.
      if file == nil { file = try TemporaryFile() }
      let last = pieces.count - 1
      try pieces[last].withUnsafeBufferPointer { try file?.write($0, at: valuesInFile) }
      valuesInFile += pieceCount
      pieces[last].removeAll(keepingCapacity: true)
    } else {
      pieces.append([])
      pieces[pieces.count - 1].reserveCapacity(pieceCount)
    }
  }
}
