import SeededRandom
import Testing
import Wire

@testable import Realtime

@Suite struct SystemCursorTests {
    private func position(_ offset: UInt64, _ epoch: String = "e") -> StreamPosition { StreamPosition(epoch: epoch, offset: offset) }

    @Test func `an event is applied once, by whatever way it comes`() {
        var cursor = SystemCursor()
        cursor.begin(at: position(4))
        #expect(cursor.receive(position(5), mayWait: true) == .apply)
        #expect(cursor.receive(position(5), mayWait: true) == .known)
        #expect(cursor.receive(position(4), mayWait: false) == .known)
    }

    @Test func `what follows a gap waits where somebody reads the log, and only there`() {
        var cursor = SystemCursor()
        cursor.begin(at: position(4))
        #expect(cursor.receive(position(6), mayWait: true) == .early)
        #expect(cursor.isBehind(position(6)))
        #expect(cursor.receive(position(5), mayWait: true) == .apply)
        #expect(cursor.receive(position(6), mayWait: true) == .apply)
        #expect(!cursor.isBehind(position(6)))
        #expect(cursor.receive(position(9), mayWait: false) == .apply)
    }

    @Test func `whoever begins late does not go back`() {
        var cursor = SystemCursor()
        #expect(cursor.receive(position(7), mayWait: true) == .apply)
        cursor.begin(at: position(9))
        #expect(cursor.position == position(7))
    }

    @Test func `another life of the log begins anew`() {
        var cursor = SystemCursor()
        cursor.begin(at: position(7))
        #expect(cursor.isBehind(position(2, "f")))
        #expect(cursor.receive(position(2, "f"), mayWait: true) == .apply)
        #expect(cursor.receive(position(2, "f"), mayWait: true) == .known)
    }

    @Test(arguments: 1...20)
    func `of any mixture of three ways everything is applied in order`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var cursor = SystemCursor()
        cursor.begin(at: position(0))
        var applied: [UInt64] = []
        while applied.count < 200 {
            let next = UInt64.random(in: 1...200, using: &random)
            if cursor.receive(position(next), mayWait: true) == .apply {
                applied.append(next)
            } else if Bool.random(using: &random), let from = cursor.position {
                // Somebody reads the log.
                for offset in (from.offset + 1)..<(min(200, from.offset + 5) + 1)
                where cursor.receive(position(offset), mayWait: false) == .apply {
                    applied.append(offset)
                }
            }
        }
        #expect(applied == Array(1...200))
    }
}
