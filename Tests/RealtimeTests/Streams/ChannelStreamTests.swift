import Core
import Testing
import Wire

@testable import Realtime

/// The cases of recovery one by one; all of them together are in ``ChannelStreamModelTests``.
@Suite struct ChannelStreamTests {
    private func event(_ offset: UInt64, epoch: String = "e", bytes: Int = 1) -> Broadcast {
        Broadcast(
            channel: "c", position: StreamPosition(epoch: epoch, offset: offset),
            data: RawJSON(bytes: Array(repeating: UInt8(ascii: "1"), count: bytes))
        )
    }

    private func page(_ offsets: [UInt64], top: UInt64, epoch: String = "e", bytes: Int = 1) -> LogPage {
        LogPage(
            top: StreamPosition(epoch: epoch, offset: top),
            entries: offsets.map { LogEntry(offset: $0, data: RawJSON(bytes: Array(repeating: UInt8(ascii: "1"), count: bytes))) }
        )
    }

    /// A stream whose log ends at `top`, with events delivered from there up to `live`.
    private func stream(top: UInt64, live: UInt64, limits: StreamLimits = StreamLimits()) -> ChannelStream {
        var stream = ChannelStream(channel: "c", limits: limits)
        _ = stream.subscribe(ticket: 1, since: nil)
        _ = stream.completed(read: 1, page([], top: top))
        for offset in stride(from: top + 1, through: live, by: 1) { _ = stream.receive(event(offset)) }
        return stream
    }

    private func since(_ offset: UInt64, epoch: String = "e") -> StreamPosition { StreamPosition(epoch: epoch, offset: offset) }

    @Test func `everyone who waits for a cold channel shares one read`() {
        var stream = ChannelStream(channel: "c")
        let first = stream.subscribe(ticket: 1, since: since(7)).map(Told.init)
        let second = stream.subscribe(ticket: 2, since: since(9)).map(Told.init)
        let answers = stream.completed(read: 1, page([10, 9, 8, 7], top: 10)).map(Told.init)

        #expect(first == [.read(.tail(before: nil, limit: 300), id: 1)])
        #expect(second.isEmpty)
        #expect(answers == [.recovered(ticket: 1, [8, 9, 10], top: 10), .recovered(ticket: 2, [10], top: 10)])
    }

    @Test func `whoever wants no history costs no entries`() {
        var stream = ChannelStream(channel: "c")
        #expect(stream.subscribe(ticket: 1, since: nil).map(Told.init) == [.read(.top, id: 1)])
        #expect(stream.completed(read: 1, page([], top: 5)).map(Told.init) == [.fresh(ticket: 1, top: 5)])
    }

    @Test(
        arguments: [
            (since: 10, epoch: "e", expected: []),
            (since: 8, epoch: "e", expected: [9, 10]),
            (since: 5, epoch: "e", expected: [6, 7, 8, 9, 10]),
            (since: 5, epoch: "", expected: [6, 7, 8, 9, 10]),
            (since: 8, epoch: "other", expected: nil),
            (since: 0, epoch: "_", expected: nil),
        ] as [(since: UInt64, epoch: String, expected: [UInt64]?)])
    func `a live channel answers from what it remembers`(since: UInt64, epoch: String, expected: [UInt64]?) {
        var stream = stream(top: 5, live: 10)
        let told = stream.subscribe(ticket: 2, since: self.since(since, epoch: epoch)).map(Told.init)
        #expect(told == [expected.map { .recovered(ticket: 2, $0, top: 10) } ?? .unrecovered(ticket: 2, top: 10)])
    }

    @Test func `older events are read once and joined with those that come meanwhile`() {
        var stream = stream(top: 5, live: 6)
        #expect(stream.subscribe(ticket: 2, since: since(3)).map(Told.init) == [.read(.tail(before: 6, limit: 300), id: 2)])
        #expect(stream.subscribe(ticket: 3, since: since(2)).isEmpty)
        #expect(stream.receive(event(7)).map(Told.init) == [.deliver(7)])
        let told = stream.completed(read: 2, page([5, 4, 3, 2, 1], top: 7)).map(Told.init)
        // The third came while the read was under way, but what it brought is enough for both.
        #expect(told == [.recovered(ticket: 2, [4, 5, 6, 7], top: 7), .recovered(ticket: 3, [3, 4, 5, 6, 7], top: 7)])
    }

    @Test func `a pruned log does not recover`() {
        var stream = stream(top: 10, live: 10)
        _ = stream.subscribe(ticket: 2, since: since(3))
        let told = stream.completed(read: 2, page([10, 9, 8, 7, 6], top: 10)).map(Told.init)
        #expect(told == [.unrecovered(ticket: 2, top: 10)])
    }

    @Test func `who missed more than the limit is told so without a read`() {
        var stream = stream(top: 20_000, live: 20_000)
        #expect(stream.subscribe(ticket: 2, since: since(9_999)).map(Told.init) == [.unrecovered(ticket: 2, top: 20_000)])
        #expect(stream.subscribe(ticket: 3, since: since(10_000)).map(Told.init) == [.read(.tail(before: 20_001, limit: 300), id: 2)])
    }

    @Test func `who missed a lot gets it by as many reads as that takes, and no more is kept afterwards than before`() {
        var stream = stream(top: 1_000, live: 1_010)
        var told = stream.subscribe(ticket: 2, since: since(200)).map(Told.init)
        var reads = 0
        while case .read(.tail(let before?, let limit), let id) = told.first {
            reads += 1
            let oldest = before - UInt64(limit)
            // Events go on while the log is read.
            #expect(stream.receive(event(1_010 + UInt64(reads))).map(Told.init) == [.deliver(1_010 + UInt64(reads))])
            told = stream.completed(read: id, page(Array((oldest..<before).reversed()), top: 1_010)).map(Told.init)
        }
        #expect(reads == 3)
        #expect(told == [.recovered(ticket: 2, Array(201...1_013), top: 1_013)])
        #expect(stream.recent.count == 256)
    }

    @Test func `a log that ends before what is wanted is not read again and again`() {
        var stream = stream(top: 1_000, live: 1_000)
        _ = stream.subscribe(ticket: 2, since: since(100))
        let told = stream.completed(read: 2, page(Array((701...1_000).reversed()), top: 1_000)).map(Told.init)
        #expect(told == [.read(.tail(before: 701, limit: 300), id: 3)])
        #expect(stream.completed(read: 3, page([700, 699], top: 1_000)).map(Told.init) == [.unrecovered(ticket: 2, top: 1_000)])
    }

    @Test func `a hole in the log is not read again and again`() {
        var stream = stream(top: 1_000, live: 1_000)
        _ = stream.subscribe(ticket: 2, since: since(100))
        let told = stream.completed(read: 2, page(Array((601...900).reversed()), top: 1_000)).map(Told.init)
        #expect(told == [.unrecovered(ticket: 2, top: 1_000)])
    }

    @Test func `who missed more bytes than may be kept for one channel is told so`() {
        var stream = stream(top: 100, live: 100)
        _ = stream.subscribe(ticket: 2, since: since(7))
        let told = stream.completed(read: 2, page(Array((8...100).reversed()), top: 100, bytes: 50_000)).map(Told.init)
        #expect(told == [.unrecovered(ticket: 2, top: 100)])
    }

    @Test func `a position that only the log knows yet is waited for`() {
        var stream = stream(top: 5, live: 5)
        // The client has read a snapshot right after the commit of 7; the hand-over is still on its way.
        #expect(stream.subscribe(ticket: 2, since: since(7)).map(Told.init) == [.read(.forward(after: 5, limit: 300), id: 2)])
        let told = stream.completed(read: 2, page([6, 7], top: 7)).map(Told.init)
        #expect(told == [.deliver(6), .deliver(7), .recovered(ticket: 2, [], top: 7)])
        #expect(stream.receive(event(6)).isEmpty)
        #expect(stream.receive(event(7)).isEmpty)
    }

    @Test func `a position from the future is unrecovered once the log has been asked`() {
        var stream = stream(top: 5, live: 5)
        _ = stream.subscribe(ticket: 2, since: since(.max))
        #expect(stream.completed(read: 2, page([], top: 5)).map(Told.init) == [.unrecovered(ticket: 2, top: 5)])
    }

    @Test func `a gap is closed from the log before anything later is delivered`() {
        var stream = stream(top: 5, live: 5)
        #expect(stream.receive(event(8)).map(Told.init) == [.read(.forward(after: 5, limit: 300), id: 2)])
        #expect(stream.receive(event(9)).isEmpty)
        let told = stream.completed(read: 2, page([6, 7, 8], top: 8)).map(Told.init)
        #expect(told == [.deliver(6), .deliver(7), .deliver(8), .deliver(9)])
    }

    @Test func `a log that fails is asked again, more and more slowly, and then the gap is admitted`() {
        var stream = stream(top: 5, live: 5)
        _ = stream.receive(event(7))
        var pauses: [Int] = []
        var read = 2
        while true {
            let told = stream.failed(read: read).map(Told.init)
            guard case .retry(let seconds) = told.first else {
                #expect(told == [.lost])
                break
            }
            pauses.append(seconds)
            read += 1
            #expect(stream.retry().map(Told.init) == [.read(.forward(after: 5, limit: 300), id: read)])
        }
        #expect(pauses == [1, 2, 4, 8, 8])
    }

    @Test func `a failed first read fails those who wait and nobody else`() {
        var stream = ChannelStream(channel: "c")
        _ = stream.subscribe(ticket: 1, since: nil)
        _ = stream.subscribe(ticket: 2, since: since(3))
        #expect(stream.failed(read: 1).map(Told.init) == [.fail(ticket: 1), .fail(ticket: 2)])
        #expect(stream.subscribe(ticket: 3, since: nil).map(Told.init) == [.read(.top, id: 2)])
    }

    @Test func `another epoch ends every subscription`() {
        var stream = stream(top: 5, live: 5)
        #expect(stream.receive(event(1, epoch: "f")).map(Told.init) == [.lost])
        #expect(stream.subscribe(ticket: 2, since: since(5)).map(Told.init) == [.read(.tail(before: nil, limit: 300), id: 2)])
        #expect(stream.completed(read: 2, page([1], top: 1, epoch: "f")).map(Told.init) == [.unrecovered(ticket: 2, top: 1)])
    }

    // MARK: Idle channels

    @Test func `an idle channel is compared with its log, and what was lost on the way is fetched`() {
        var stream = stream(top: 5, live: 5)
        #expect(stream.verify().map(Told.init) == [.readTop(id: 2)])
        // Not before the first look has come back.
        #expect(stream.verify().isEmpty)
        #expect(stream.completed(read: 2, page([], top: 6)).map(Told.init) == [.read(.forward(after: 5, limit: 300), id: 3)])
        #expect(stream.completed(read: 3, page([6], top: 6)).map(Told.init) == [.deliver(6)])
        #expect(stream.verify().isEmpty)
        #expect(stream.verify().map(Told.init) == [.readTop(id: 4)])
        #expect(stream.completed(read: 4, page([], top: 6)).isEmpty)
    }

    @Test func `a look at the log that fails is no gap`() {
        var stream = stream(top: 5, live: 5)
        _ = stream.verify()
        #expect(stream.failed(read: 2).isEmpty)
        #expect(stream.receive(event(6)).map(Told.init) == [.deliver(6)])
    }

    @Test func `a log that began another life is noticed where nothing happens`() {
        var stream = stream(top: 5, live: 5)
        _ = stream.verify()
        #expect(stream.completed(read: 2, page([], top: 5, epoch: "f")).map(Told.init) == [.lost])
    }

    // MARK: Channels of which the latest is all that counts

    @Test(
        arguments: [
            (since: nil, epoch: "e", expected: [10]), (since: 10, epoch: "e", expected: []), (since: 3, epoch: "e", expected: [10]),
            (since: 10, epoch: "", expected: []), (since: 10, epoch: "other", expected: [10]), (since: 0, epoch: "_", expected: [10]),
        ] as [(since: UInt64?, epoch: String, expected: [UInt64])])
    func `of a cache channel the latest event is given to whoever does not have it`(since: UInt64?, epoch: String, expected: [UInt64]) {
        var stream = stream(top: 5, live: 10)
        let told = stream.subscribe(ticket: 2, since: since.map { self.since($0, epoch: epoch) }, isCache: true).map(Told.init)
        #expect(told == [.recovered(ticket: 2, expected, top: 10)])
    }

    @Test func `a cold cache channel costs one entry`() {
        var stream = ChannelStream(channel: "c")
        #expect(stream.subscribe(ticket: 1, since: nil, isCache: true).map(Told.init) == [.read(.tail(before: nil, limit: 1), id: 1)])
        #expect(stream.subscribe(ticket: 2, since: since(3), isCache: true).isEmpty)
        let told = stream.completed(read: 1, page([9], top: 9)).map(Told.init)
        #expect(told == [.recovered(ticket: 1, [9], top: 9), .recovered(ticket: 2, [9], top: 9)])
    }

    @Test func `a cache channel that has nothing says so`() {
        var empty = ChannelStream(channel: "c")
        _ = empty.subscribe(ticket: 1, since: nil, isCache: true)
        #expect(empty.completed(read: 1, page([], top: 0)).map(Told.init) == [.fresh(ticket: 1, top: 0)])
        var pruned = ChannelStream(channel: "c")
        _ = pruned.subscribe(ticket: 1, since: since(3), isCache: true)
        #expect(pruned.completed(read: 1, page([], top: 9)).map(Told.init) == [.unrecovered(ticket: 1, top: 9)])
    }

    @Test func `a cache channel's subscriber that is ahead of the loop waits for it`() {
        var stream = stream(top: 5, live: 5)
        let told = stream.subscribe(ticket: 2, since: since(7), isCache: true).map(Told.init)
        #expect(told == [.read(.forward(after: 5, limit: 300), id: 2)])
        let after = stream.completed(read: 2, page([6, 7], top: 7)).map(Told.init)
        #expect(after == [.deliver(6), .deliver(7), .recovered(ticket: 2, [], top: 7)])
    }

    @Test func `what is remembered is bounded in number and bytes`() {
        #expect(stream(top: 0, live: 1_000).recent.count == 256)
        var stream = stream(top: 0, live: 0)
        for offset in 1...100 { _ = stream.receive(event(UInt64(offset), bytes: 10_000)) }
        #expect(stream.recent.bytes <= 262_144)
        #expect(stream.recent.events.last?.offset == 100)
    }

    @Test(
        arguments: [
            (older: [], recent: [], top: 0, merged: []),
            (older: [1, 2, 3], recent: [], top: 3, merged: [1, 2, 3]),
            (older: [1, 2, 3], recent: [4, 5], top: 5, merged: [1, 2, 3, 4, 5]),
            (older: [1, 2, 3, 4, 5], recent: [4, 5], top: 5, merged: [1, 2, 3, 4, 5]),
            (older: [1, 3], recent: [4], top: 4, merged: [3, 4]),
            (older: [1, 2], recent: [4], top: 4, merged: [4]),
            (older: [1, 2], recent: [], top: 4, merged: []),
            (older: [3, 4, 5, 6], recent: [], top: 4, merged: [3, 4]),
        ] as [(older: [UInt64], recent: [UInt64], top: UInt64, merged: [UInt64])])
    func `read entries and recent events join without hole or repetition`(older: [UInt64], recent: [UInt64], top: UInt64, merged: [UInt64])
    {
        var ring = KeptEvents()
        for offset in recent { ring.append(event(offset)) }
        #expect(mergeHistory(older.map { event($0) }, before: ring.events, top: top).map(\.offset) == merged)
    }
}

/// An action in a form that can be compared.
private enum Told: Equatable {
    case read(ChannelStream.LogRead, id: Int)
    case readTop(id: Int)
    case deliver(UInt64)
    case fresh(ticket: Int, top: UInt64)
    case recovered(ticket: Int, [UInt64], top: UInt64)
    case unrecovered(ticket: Int, top: UInt64)
    case fail(ticket: Int)
    case retry(afterSeconds: Int)
    case lost

    init(_ action: ChannelStream.Action) {
        switch action {
        case .read(let read, let id): self = .read(read, id: id)
        case .readTop(let id): self = .readTop(id: id)
        case .deliver(let event): self = .deliver(event.offset)
        case .answer(let ticket, let start):
            switch start.recovery {
            case .fresh: self = .fresh(ticket: ticket, top: start.top.offset)
            case .recovered(let missed): self = .recovered(ticket: ticket, missed.map(\.offset), top: start.top.offset)
            case .unrecovered: self = .unrecovered(ticket: ticket, top: start.top.offset)
            }
        case .fail(let ticket): self = .fail(ticket: ticket)
        case .retry(let seconds): self = .retry(afterSeconds: seconds)
        case .lost: self = .lost
        }
    }
}
