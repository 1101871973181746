import NIOCore
import Testing

@testable import Realtime

@Suite struct FullQueuePauseTests {
    @Test func `a queue that stays full is looked at ever less often, and as often as at first when it had room`() {
        var pause = FullQueuePause()
        #expect((0..<6).map { _ in pause.next() } == [50, 100, 200, 400, 800, 800].map { .milliseconds($0) })
        pause.reset()
        #expect(pause.next() == .milliseconds(50))
    }
}
