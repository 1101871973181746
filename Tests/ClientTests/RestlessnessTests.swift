import SeededRandom
import Testing

@testable import Club

@Suite struct RestlessnessTests {
    @Test func `a watcher is cut once, comes back once, and is the same for the same seed`() throws {
        var restlessness = Restlessness(SplitMix64(seed: 5))
        var again = Restlessness(SplitMix64(seed: 5))

        let events = (1...Restlessness.eventsBetweenCuts.upperBound).first { _ in restlessness.heardEvent() != nil }
        #expect(events == (1...Restlessness.eventsBetweenCuts.upperBound).first { _ in again.heardEvent() != nil })
        #expect(Restlessness.eventsBetweenCuts.contains(try #require(events)))

        // What still trickles in over the lost connection does not cut it a second time.
        #expect((0...1_000).allSatisfy { _ in restlessness.heardEvent() == nil })
        #expect(Restlessness.bookingsAway.contains(restlessness.comeBack()))
        #expect(restlessness.comeBack() == 0)
    }
}
