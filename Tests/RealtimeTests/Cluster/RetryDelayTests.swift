import Testing

@testable import Realtime

@Suite struct RetryDelayTests {
    @Test func `attempts come less and less often, up to a second, until one succeeds`() {
        var delay = RedisLink.reconnectDelay
        #expect((0..<8).map { _ in delay.next { $0.upperBound - 1 } } == [50, 100, 200, 400, 800, 1_000, 1_000, 1_000])
        delay.succeeded()
        #expect(delay.next { $0.lowerBound } == 25)
    }

    @Test func `it does not overflow, however long Redis is away`() {
        var delay = RedisLink.reconnectDelay
        for _ in 0..<1_000 { _ = delay.next { $0.lowerBound } }
        #expect(delay.next { $0.lowerBound } == 500)
    }
}
