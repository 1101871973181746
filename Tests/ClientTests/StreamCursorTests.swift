import Client
import Testing
import Wire

@Suite struct StreamCursorTests {
    private let cursor = StreamCursor(StreamPosition(epoch: "e", offset: 5))

    @Test func `the next offset is in order`() {
        #expect(cursor.step(to: 6) == .next)
    }

    @Test(arguments: [0, 1, 5] as [UInt64])
    func `an offset that was seen is a duplicate`(offset: UInt64) {
        #expect(cursor.step(to: offset) == .duplicate)
    }

    @Test(arguments: [(7, 1), (10, 4), (.max, .max - 6)] as [(UInt64, UInt64)])
    func `an offset further on tells how many are missing`(offset: UInt64, missing: UInt64) {
        #expect(cursor.step(to: offset) == .gap(missing))
    }

    @Test func `advancing keeps the epoch`() {
        var cursor = cursor
        cursor.advance(to: 6)

        #expect(cursor.position == StreamPosition(epoch: "e", offset: 6))
        #expect(cursor.step(to: 6) == .duplicate)
    }
}
