internal import CCrypto

/// SHA-256 of text, bytes or a growing stream, as 64 hexadecimal digits; by OpenSSL's libcrypto.
public struct SHA256Digest: ~Copyable {
  private let context: OpaquePointer

  /// Starts an empty digest.
  public init() throws {
    guard let context = EVP_MD_CTX_new() else {
      throw MtagError(.internalFault, "no memory for a SHA-256 digest")
    }
    guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      EVP_MD_CTX_free(context)
      throw MtagError(.internalFault, "OpenSSL offers no SHA-256 here")
    }
    self.context = context
  }

  /// Appends bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    if let base = bytes.baseAddress { EVP_DigestUpdate(context, base, bytes.count) }
  }

  /// Ends the digest and returns it as lower-case hexadecimal.
  public consuming func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    EVP_DigestFinal_ex(context, &digest, nil)
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  deinit { EVP_MD_CTX_free(context) }

  /// The digest of a text's UTF-8 bytes.
  public static func hex(of text: String) throws -> String {
    var digest = try SHA256Digest()
    var copy = text
    copy.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
    return digest.finish()
  }
}
