import MtagCore
import Testing

@Suite struct NamingTests {
  @Test(
    "digits count as numbers, however long, and equal numbers in other spellings still have an order",
    arguments: [
      ["cnn2", "cnn10", "cnn10a", "cnn11"], ["a", "a1", "ab"], ["v1a", "v01b", "v1c"], ["v01", "v1"],
      ["x99999999999999999999", "x100000000000000000000"], ["", "0", "00x", "a"],
    ])
  func naturalSorting(_ names: [String]) {
    #expect(names.reversed().sorted(by: naturalOrder) == names)
    for name in names { #expect(!naturalOrder(name, name)) }
  }

  @Test("an unknown name suggests near ones, else all there are")
  func suggestions() {
    #expect(suggestion(for: "cnn5", among: ["vgg", "cnn4"]) == "did you mean 'cnn4'?")
    #expect(suggestion(for: "nothing", among: ["cnn4", "vgg"]) == "known: cnn4, vgg")
    #expect(suggestion(for: "cnn4", among: []) == "there are none")
  }

  @Test("SHA-256 is the standard's")
  func hash() throws {
    // FIPS 180-2, appendix B.1, and the empty message.
    #expect(
      try SHA256Digest.hex(of: "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      try SHA256Digest.hex(of: "") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }
}
