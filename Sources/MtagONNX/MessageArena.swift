internal import COnnx
internal import CProtobufC
import Foundation

/// Owns the memory of a tree of protobuf-c messages: everything is freed together when the arena goes.
///
/// The messages only borrow from it, so they must not outlive it, and `free_unpacked` must not be called on them.
final class MessageArena {
  private var blocks: [UnsafeMutableRawPointer] = []

  /// Uninitialised room for `count` elements.
  func allocate<Element>(_ type: Element.Type, count: Int = 1) -> UnsafeMutablePointer<Element> {
    let stride = MemoryLayout<Element>.stride
    let block = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count * stride), alignment: MemoryLayout<Element>.alignment)
    blocks.append(block)
    return block.bindMemory(to: type, capacity: count)
  }

  /// A message that `initialize` (protobuf-c's `x__init`) has set to its defaults.
  func message<Message>(
    _ initialize: (UnsafeMutablePointer<Message>?) -> Void
  ) -> UnsafeMutablePointer<Message> {
    let message = allocate(Message.self)
    initialize(message)
    return message
  }

  /// Elements one after the other.
  func array<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let pointer = allocate(Element.self, count: elements.count)
    pointer.initialize(from: elements, count: elements.count)
    return pointer
  }

  /// Pointers to messages, as protobuf-c keeps repeated fields.
  func list<Message>(
    _ messages: [UnsafeMutablePointer<Message>]
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<Message>?> {
    array(messages.map(Optional.some))
  }

  /// A C string.
  func string(_ text: String) -> UnsafeMutablePointer<CChar> { array(Array(text.utf8CString)) }

  /// C strings, as protobuf-c keeps repeated ones.
  func strings(_ texts: [String]) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
    array(texts.map { Optional.some(string($0)) })
  }

  /// Values as the little-endian bytes of a tensor's `raw_data`; `bits` gives each one's pattern in that order of bytes.
  func littleEndian<Values: Collection, Bits: FixedWidthInteger>(
    _ values: Values, _ bits: (Values.Element) -> Bits
  ) -> ProtobufCBinaryData {
    let words = allocate(Bits.self, count: values.count)
    var index = 0
    for value in values {
      (words + index).initialize(to: bits(value))
      index += 1
    }
    let bytes = UnsafeMutableRawPointer(words).assumingMemoryBound(to: UInt8.self)
    return ProtobufCBinaryData(len: values.count * MemoryLayout<Bits>.size, data: bytes)
  }

  /// A text without a zero behind it, as protobuf keeps bytes.
  func bytes(_ text: String) -> ProtobufCBinaryData {
    ProtobufCBinaryData(len: text.utf8.count, data: array(Array(text.utf8)))
  }

  deinit { blocks.forEach { $0.deallocate() } }
}
