import NIOCore
import Testing
import Wire

@testable import Realtime

@Suite struct FanOutTests {
    private let venue = "calendar:venue:1"

    private func subscribe(_ peer: Peer, since: UInt64? = nil) async throws {
        try await peer.send(.subscribe(SubscribeRequest(channel: venue, recover: since != nil, epoch: "e1", offset: since ?? 0)))
        _ = try await peer.take()
    }

    /// Its alarm must not outlive it.
    @Test func `a channel that nobody watches any more is not read again when its log fails late`() async throws {
        var settings = HubSettings()
        settings.lingeringChannelsMax = 0
        let stage = Stage(settings)
        let peer = try await stage.connectedPeer()
        try await peer.send(.subscribe(SubscribeRequest(channel: "calendar:venue:1")))
        // There is a gap, which has the log read; meanwhile the only watcher leaves, and the read fails.
        _ = stage.log.append("1", to: "calendar:venue:1")
        let leave = JSONClientCodec().encode([
            Command(id: 9, request: .unsubscribe(UnsubscribeRequest(channel: "calendar:venue:1")))
        ])
        stage.log.failNextRead { try? await peer.deliver(leave) }
        stage.relay.committed([stage.log.append("2", to: "calendar:venue:1")])
        try await stage.settle()
        #expect(try await stage.onShard { $0.channels["calendar:venue:1"] == nil })
        try await stage.advance(bySeconds: 10)
        #expect(try await stage.onShard { $0.channels["calendar:venue:1"] == nil })
    }

    @Test func `a publication is encoded once and reaches everyone who watches`() async throws {
        let stage = Stage()
        let peers = [
            try await stage.connectedPeer(user: 1), try await stage.connectedPeer(user: 2), try await stage.connectedPeer(user: 3),
        ]
        for peer in peers.dropLast() { try await subscribe(peer) }
        try await stage.commit(["1"], to: venue)
        let expected = Push(channel: venue, body: .publication(Publication(data: RawJSON("1"), offset: 1)))
        #expect(try await peers[0].take() == [.push(expected)])
        #expect(try await peers[1].take() == [.push(expected)])
        #expect(try await peers[2].take().isEmpty)
    }

    @Test func `the events of one commit leave in one flush`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        try await subscribe(peer)
        let flushes = try await peer.flushes()
        try await stage.commit(["1", "2", "3"], to: venue)
        #expect(try await peer.publications() == [1, 2, 3])
        #expect(try await peer.flushes() == flushes + 1)
    }

    @Test func `a large audience is served in several turns, in order, whoever comes and goes in between`() async throws {
        var settings = HubSettings()
        settings.deliveriesPerTurnMax = 4
        settings.connectionsPerUserMax = 1_000
        let stage = Stage(settings)
        var peers: [Peer] = []
        for _ in 0..<15 {
            let peer = try await stage.connectedPeer()
            try await subscribe(peer)
            peers.append(peer)
        }
        let late = try await stage.connectedPeer(user: 2)
        // The first turn begins and serves four of fifteen; time stands until the test lets it go on.
        stage.relay.committed([stage.log.append("1", to: venue)])
        await stage.loop.run()
        stage.relay.committed([stage.log.append("2", to: venue)])
        for index in [0, 5, 14] { try await peers[index].deliver(Array(#"{"id":9,"unsubscribe":{"channel":"\#(venue)"}}"#.utf8)) }
        let comeBack = Command(id: 1, request: .subscribe(SubscribeRequest(channel: venue, recover: true, epoch: "e1", offset: 0)))
        try await late.deliver(JSONClientCodec().encode([comeBack]))
        for task in try await stage.onShard({ $0.tasks.running }) { await task.value }
        await stage.loop.run()
        #expect(try await stage.onShard { $0.isContinuing })
        try await stage.settle()

        for index in 1..<14 where index != 5 {
            #expect(try await peers[index].publications() == [1, 2])
        }
        // Two of those who left were not served yet, the last one was.
        #expect(try await peers[0].publications().isEmpty)
        #expect(try await peers[5].publications().isEmpty)
        #expect(try await peers[14].publications() == [1])
        let messages = try await late.take()
        guard case .reply(let reply) = messages.first, case .subscribe(let result) = reply.body else { return #expect(Bool(false)) }
        let live = Push(channel: venue, body: .publication(Publication(data: RawJSON("2"), offset: 2)))
        #expect(result.publications.map(\.offset) == [1])
        #expect(messages.dropFirst() == [.push(live)])
    }

    @Test func `an event that is still being delivered when the log begins another life does not reach the new subscribers`() async throws {
        var settings = HubSettings()
        settings.deliveriesPerTurnMax = 4
        let stage = Stage(settings)
        for _ in 0..<15 { try await subscribe(stage.connectedPeer()) }
        let late = try await stage.connectedPeer(user: 2)
        stage.relay.committed([stage.log.append("1", to: venue)])
        await stage.loop.run()
        stage.log.restore(epoch: "e2")
        // A position beyond all that is known makes the loop look at the log.
        let ahead = Command(id: 1, request: .subscribe(SubscribeRequest(channel: venue, recover: true, epoch: "e1", offset: 99)))
        try await late.deliver(JSONClientCodec().encode([ahead]))
        while case let running = try await stage.onShard({ $0.tasks.running }), !running.isEmpty {
            for task in running { await task.value }
            await stage.loop.run()
        }
        #expect(try await stage.onShard { $0.isContinuing })
        try await stage.settle()

        let expected = SubscribeResult(recoverable: true, epoch: "e2", offset: 0, positioned: true, wasRecovering: true)
        #expect(try await late.take() == [.reply(Reply(id: 1, body: .subscribe(expected)))])
    }

    @Test func `events that were dropped on the way are read from the log`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        try await subscribe(peer)
        _ = stage.log.append("1", to: venue)
        _ = stage.log.append("2", to: venue)
        try await stage.commit(["3"], to: venue)
        #expect(try await peer.publications() == [1, 2, 3])
    }

    @Test func `an inbox that overflows delays and loses nothing`() async throws {
        var settings = HubSettings()
        settings.inboxBytesMax = 600
        let stage = Stage(settings)
        let peer = try await stage.connectedPeer()
        try await subscribe(peer)
        for number in 1...50 { stage.relay.committed([stage.log.append("\(number)", to: venue)]) }
        try await stage.settle()
        #expect(try await peer.publications() == Array(1...50))
    }

    @Test func `a log that does not come back costs the subscription, not the connection`() async throws {
        var settings = HubSettings()
        settings.pingSeconds = 1_000
        let stage = Stage(settings)
        let peer = try await stage.connectedPeer()
        try await subscribe(peer)
        stage.log.setBroken(true)
        _ = stage.log.append("1", to: venue)
        try await stage.commit(["2"], to: venue)
        try await stage.advance(bySeconds: 30)
        #expect(try await peer.take() == [.push(Push(channel: venue, body: .unsubscribe(.insufficientState)))])
        stage.log.setBroken(false)
        try await peer.send(.subscribe(SubscribeRequest(channel: venue, recover: true, epoch: "e1", offset: 0)))
        guard case .subscribe(let result) = try await peer.replies().first else { return #expect(Bool(false)) }
        #expect(result.publications.map(\.offset) == [1, 2])
    }

    @Test func `the own channel with a gap that can't be closed ends the connection`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        stage.log.restore(epoch: "e2")
        try await stage.commit(["1"], to: "personal:#1")
        #expect(try await peer.closed() == .insufficientState)
    }

    @Test func `a channel is remembered for a while after the last one left`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        try await subscribe(peer)
        try await peer.send(.unsubscribe(UnsubscribeRequest(channel: venue)))
        try await stage.advance(bySeconds: 10)
        try await stage.commit(["1", "2"], to: venue)
        let reads = stage.log.reads
        _ = try await peer.take()
        try await peer.send(.subscribe(SubscribeRequest(channel: venue, recover: true, epoch: "e1", offset: 0)))
        guard case .subscribe(let result) = try await peer.replies().first else { return #expect(Bool(false)) }
        #expect(result.publications.map(\.offset) == [1, 2])
        #expect(stage.log.reads == reads)

        try await peer.hangUp()
        try await stage.advance(bySeconds: 31)
        #expect(try await stage.onShard { $0.channels.count } == 0)
    }

    @Test func `a peer that does not read is looked after every second until it does`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        try await subscribe(peer)
        try await stage.advance(bySeconds: 2)
        let ticks = try await peer.ticks()
        try await peer.setQueuedBytes(10)
        try await stage.commit(["1"], to: venue)
        try await stage.advance(bySeconds: 3)
        #expect(try await peer.ticks() == ticks + 3)
        try await peer.setQueuedBytes(0)
        try await stage.advance(bySeconds: 3)
        #expect(try await peer.ticks() == ticks + 4)
    }
}
