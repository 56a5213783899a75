internal import CSndFile
internal import MtagCore
internal import Synchronization

/// How a file is handed to libsndfile.
extension SoundFile {
  /// Why an open failed stands in a global variable of libsndfile; opening takes about a millisecond.
  private static let openLock = Mutex<Void>(())

  /// Opens a file through a buffer of ours where libsndfile reads it so as by itself, else by its name.
  ///
  /// By name go files whose format only the name tells or that lie in two files (a Sound Designer II file and its resource
  /// fork), and those of another format than MP3 behind an ID3 tag: libsndfile 1.2 mistakes their places in a file that it
  /// does not read itself.
  /// - Returns: the handle, and what it reads from, if that is ours: it must outlive the handle.
  /// - Throws: `MtagError` (inputMissing, badData) naming the file.
  static func open(_ path: String, header: inout SF_INFO) throws -> (
    handle: OpaquePointer, source: BufferedFile?
  ) {
    let source = try BufferedFile(path: path)
    var handle: OpaquePointer?
    openLock.withLock { _ in handle = openVirtual(source, &header) }
    if let handle {
      let isTagged = source.start(3).elementsEqual("ID3".utf8)
      if !isTagged || Int(header.format) & SF_FORMAT_TYPEMASK == SF_FORMAT_MPEG { return (handle, source) }
      sf_close(handle)
    }
    var why = ""
    openLock.withLock { _ in
      handle = openNamed(path, &header)
      if handle == nil { why = sentence(sf_strerror(nil)) }
    }
    guard let handle else {
      throw MtagError(.badData, "\(path): \(try FileSignature.refusal(path, reason: why))")
    }
    return (handle, nil)
  }

  private static func openNamed(_ path: String, _ header: inout SF_INFO) -> OpaquePointer? {
    header = SF_INFO()
    return sf_open(path, Int32(SFM_READ), &header)
  }

  private static func openVirtual(_ source: BufferedFile, _ header: inout SF_INFO) -> OpaquePointer? {
    var functions = SF_VIRTUAL_IO(
      get_filelen: { sf_count_t(BufferedFile.of($0)?.sizeBytes ?? 0) },
      seek: { offset, origin, user in
        guard let file = BufferedFile.of(user) else { return -1 }
        let base =
          switch origin {
          case SEEK_CUR: file.position
          case SEEK_END: file.sizeBytes
          default: 0
          }
        // A damaged header may claim any number.
        let (place, isTooLarge) = base.addingReportingOverflow(Int(offset))
        return !isTooLarge && file.seek(to: place) ? sf_count_t(place) : -1
      },
      read: { target, count, user in
        guard let target, count > 0 else { return 0 }
        return sf_count_t(BufferedFile.of(user)?.read(into: target, count: Int(count)) ?? 0)
      },
      write: nil,
      tell: { sf_count_t(BufferedFile.of($0)?.position ?? 0) })
    header = SF_INFO()
    // libsndfile copies the functions; the file is kept by whoever keeps the handle.
    return sf_open_virtual(
      &functions, Int32(SFM_READ), &header, Unmanaged.passUnretained(source).toOpaque())
  }
}

extension BufferedFile {
  /// The file that libsndfile was given as its user data.
  fileprivate static func of(_ user: UnsafeMutableRawPointer?) -> BufferedFile? {
    user.map { Unmanaged<BufferedFile>.fromOpaque($0).takeUnretainedValue() }
  }
}
