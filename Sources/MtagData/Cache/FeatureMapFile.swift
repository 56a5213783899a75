import MtagCore

/// A feature map as a file, version 2; all numbers little-endian:
///
///     0  magic word      8 bytes       32  low            float32
///     8  version         uint32        36  step size      float32
///    12  encoding        uint32        40  warning bytes  uint32
///    16  bands           uint32        44  zero           20 bytes
///    20  channels        uint32        64  spec SHA-256     64 hexadecimal digits
///    24  frames          uint64       128  content SHA-256  64 hexadecimal digits
///
/// Then, from byte 192 on (a multiple of 64), the values in the order of `FeatureMap`: float32 (encoding 0) or 16-bit steps
/// (encoding 1, `low + step * size`); then the warnings, a line each, as UTF-8; then XXH3 with 64 bits over all before it.
struct FeatureMapFile {
  /// A map as it is kept, with what its sound file was warned about when it was decoded.
  struct Entry {
    let map: FeatureMap
    let warnings: [String]
  }

  static let magic = Array("MTAGFMAP".utf8)
  static let version: UInt32 = 2
  static let headerBytes = 192
  static let checksumBytes = 8
  private static let valuesPerPiece = 4096

  private let entry: Entry
  private let encoding: MapEncoding
  private let warnings: [UInt8]
  private let names: String

  /// Looks at a map and decides how to keep it.
  /// - Parameter unit: that of the values, as `MapAxes` has it.
  init(_ entry: Entry, unit: String, specHash: String, contentHash: String) {
    precondition(specHash.utf8.count == 64 && contentHash.utf8.count == 64, "a SHA-256 has 64 digits")
    self.entry = entry
    encoding = MapEncoding(for: entry.map, unit: unit)
    warnings = Array(entry.warnings.joined(separator: "\n").utf8)
    names = specHash + contentHash
  }

  /// How long the file will be.
  var byteCount: Int {
    Self.headerBytes + entry.map.count * encoding.valueBytes + warnings.count + Self.checksumBytes
  }

  /// Writes the file piece by piece.
  /// - Throws: what `append` throws; `MtagError` (internalFault) if there is no memory.
  func write(_ append: (UnsafeRawBufferPointer) throws -> Void) throws {
    let checksum = try QuickChecksum()
    func put(_ bytes: UnsafeRawBufferPointer) throws {
      checksum.update(bytes)
      try append(bytes)
    }
    try header.withUnsafeBytes(put)
    switch encoding {
    case .full:
      try entry.map.forEachPiece { piece in
        #if _endian(big)
          for index in piece.indices {
            piece[index] = Float(bitPattern: piece[index].bitPattern.byteSwapped)
          }
        #endif
        try put(UnsafeRawBufferPointer(piece))
      }
    case .steps(let low, let size):
      let inverse = MapEncoding.inverse(size)
      try withUnsafeTemporaryAllocation(of: UInt16.self, capacity: Self.valuesPerPiece) { steps in
        try entry.map.forEachPiece { piece in
          for index in piece.indices {
            steps[index] = MapEncoding.step(piece[index], low: low, inverse: inverse).littleEndian
          }
          try put(UnsafeRawBufferPointer(UnsafeMutableBufferPointer(rebasing: steps[..<piece.count])))
        }
      }
    }
    try warnings.withUnsafeBytes(put)
    try withUnsafeBytes(of: checksum.value.littleEndian, append)
  }

  private var header: [UInt8] {
    var (low, size): (Float, Float) = (0, 0)
    if case .steps(let lowest, let step) = encoding { (low, size) = (lowest, step) }
    let map = entry.map
    var bytes = Self.magic
    func put(_ number: some FixedWidthInteger) { withUnsafeBytes(of: number.littleEndian) { bytes += $0 } }
    for number in [Self.version, encoding == .full ? 0 : 1, UInt32(map.bands), UInt32(map.channels)] {
      put(number)
    }
    put(UInt64(map.frames))
    for number in [low.bitPattern, size.bitPattern, UInt32(warnings.count)] { put(number) }
    bytes += [UInt8](repeating: 0, count: 20)
    bytes += names.utf8
    return bytes
  }
}
