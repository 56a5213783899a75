import Foundation
import MtagCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Tensors whose values stand in another file. It must lie in the ONNX file's folder or below: a model from anywhere must
/// not be able to name any other file of the machine, not even through a symbolic link.
/// - Source: https://onnx.ai/onnx/repo-docs/ExternalData.html.
extension ONNXFile {
  /// The bytes of an external tensor.
  /// - Throws: `MtagError` (badData) naming the tensor and what is wrong with its place.
  func externalBytes(_ tensor: Tensor) throws -> Data {
    let place = try externalPlace(tensor)
    let target = try resolved(place.location, tensor)
    let descriptor = open(target, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
    guard descriptor >= 0 else { throw fault(tensor, "'\(place.location)' cannot be opened") }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw fault(tensor, "'\(place.location)' is no regular file")
    }
    let (end, overflow) = place.offset.addingReportingOverflow(place.count)
    guard !overflow, end <= Int(status.st_size) else {
      throw fault(
        tensor,
        "bytes \(place.offset) and the \(place.count) after it are not in the \(status.st_size) of '\(place.location)'"
      )
    }
    guard place.count > 0 else { return Data() }
    do {
      try handle.seek(toOffset: UInt64(place.offset))
      let data = try handle.read(upToCount: place.count) ?? Data()
      guard data.count == place.count else { throw fault(tensor, "'\(place.location)' became shorter") }
      return data
    } catch let error as MtagError {
      throw error
    } catch {
      throw MtagError(.inputOutput, "\(path): '\(place.location)' cannot be read")
    }
  }

  /// Location, offset and number of bytes, from the texts of the tensor; checked without looking at any file.
  func externalPlace(_ tensor: Tensor) throws -> (location: String, offset: Int, count: Int) {
    guard let width = tensor.type?.byteCount else {
      throw fault(tensor, "external values of type \(typeName(tensor)) are not read")
    }
    guard let location = tensor.external["location"], !location.isEmpty else {
      throw fault(tensor, "it names no file")
    }
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    guard !location.hasPrefix("/"), !location.hasPrefix("~"), !location.contains("\\"),
      !location.contains("\0"),
      !parts.contains(".."), location.utf8.count <= ONNXLimits.nameBytes
    else { throw fault(tensor, "'\(location)' leaves the folder of the ONNX file") }
    func number(_ key: String) throws -> Int? {
      guard let text = tensor.external[key] else { return nil }
      guard let value = Int(text), value >= 0 else { throw fault(tensor, "its \(key) '\(text)' is no size") }
      return value
    }
    let count = tensor.count * width
    guard count <= ONNXLimits.externalBytes else {
      throw fault(tensor, "its shape \(tensor.shape) takes more bytes than are read (2 GiB)")
    }
    if let length = try number("length"), length != count {
      throw fault(tensor, "its length is \(length) bytes, and its shape \(tensor.shape) takes \(count)")
    }
    return (location, try number("offset") ?? 0, count)
  }

  /// The file's real path, if it is in the folder of the ONNX file.
  private func resolved(_ location: String, _ tensor: Tensor) throws -> String {
    let folder = (path as NSString).deletingLastPathComponent
    guard let root = Self.realPath(folder.isEmpty ? "." : folder),
      let target = Self.realPath((folder.isEmpty ? "." : folder) + "/" + location)
    else { throw fault(tensor, "there is no file '\(location)' beside the ONNX file; copy it there") }
    guard target.hasPrefix(root.hasSuffix("/") ? root : root + "/") else {
      throw fault(tensor, "'\(location)' is a link that leaves the folder of the ONNX file")
    }
    return target
  }

  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(validatingCString: resolved)
  }

  private func fault(_ tensor: Tensor, _ reason: String) -> MtagError {
    bad("the external data of tensor '\(tensor.name)' is refused: \(reason)")
  }
}
