import MtagCore
import Testing

@Suite struct RandomGeneratorTests {
  @Test("SplitMix64 gives the published sequence of its seed")
  func splitMix() {
    // Seed 1234567, as Vigna's reference program prints it.
    var generator = SplitMix64(state: 1_234_567)
    #expect(
      (0..<5).map { _ in generator.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test("numbers stay in their range, and streams of one seed differ")
  func ranges() {
    var generator = RandomGenerator(seed: 1)
    var other = RandomGenerator(seed: 1, stream: 1)
    #expect(generator.next() != other.next())
    for _ in 0..<1000 {
      #expect((0..<1).contains(generator.uniform()))
      #expect((0..<7).contains(generator.index(below: 7)))
    }
  }

  @Test("a shuffle keeps every element once, in an order that the seed decides")
  func shuffle() {
    func order(seed: UInt64) -> [Int] {
      var generator = RandomGenerator(seed: seed)
      return generator.shuffled(Array(0..<100))
    }
    #expect(order(seed: 1).sorted() == Array(0..<100) && order(seed: 1) != Array(0..<100))
    #expect(order(seed: 1) == order(seed: 1) && order(seed: 1) != order(seed: 2))
  }
}
