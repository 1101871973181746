import Testing
import Wire

@testable import Realtime

/// Subscribers who do not want everything.
@Suite struct SelectiveDeliveryTests {
    private let channel = "prices"

    private func stage(_ options: ChannelOptions = .log) -> Stage {
        var rules = TestAccess.Rules()
        rules.grants[channel] = ChannelGrant(options: options)
        return Stage(rules)
    }

    private func commit(_ stage: Stage, _ events: (data: String, colour: String)...) async throws {
        stage.relay.committed(events.map { stage.log.append($0.data, to: channel, tags: ["colour": $0.colour]) })
        try await stage.settle()
    }

    private static let red = FilterNode(key: "colour", cmp: "eq", val: "red")

    private func subscribed(_ stage: Stage, filter: FilterNode? = nil, since: UInt64? = nil) async throws -> (Peer, SubscribeResult) {
        let peer = try await stage.connectedPeer(token: "ana")
        let request = SubscribeRequest(channel: channel, recover: since != nil, epoch: "e1", offset: since ?? 0, filter: filter)
        try await peer.send(.subscribe(request))
        guard case .subscribe(let result) = try await peer.replies().first else { return (peer, SubscribeResult()) }
        return (peer, result)
    }

    @Test func `a filter lets through what matches, for its subscriber alone`() async throws {
        let stage = stage()
        let (picky, _) = try await subscribed(stage, filter: Self.red)
        let (other, _) = try await subscribed(stage)
        try await commit(stage, ("1", "red"), ("2", "blue"), ("3", "red"))
        try await commit(stage, ("4", "blue"))
        #expect(try await picky.publications() == [1, 3])
        #expect(try await other.publications() == [1, 2, 3, 4])
        // What was left out is not missing.
        try await commit(stage, ("5", "red"))
        #expect(try await picky.publications() == [5])
    }

    @Test func `a filter holds for what is recovered too`() async throws {
        let stage = stage()
        try await commit(stage, ("1", "red"), ("2", "blue"), ("3", "red"), ("4", "blue"))
        let (_, result) = try await subscribed(stage, filter: Self.red, since: 1)
        #expect(result.recovered && result.offset == 1)
        #expect(result.publications.map(\.offset) == [3])
        #expect(result.publications.first?.tags == ["colour": "red"])
    }

    @Test func `a filter nobody understands is refused`() async throws {
        let peer = try await stage().connectedPeer(token: "ana")
        try await peer.send(.subscribe(SubscribeRequest(channel: channel, filter: FilterNode(key: "a", cmp: "like", val: "b"))))
        #expect(try await peer.replies() == [.error(.badRequest)])
    }

    @Test func `the first answer of a cache channel is its latest publication`() async throws {
        let stage = stage(.cache)
        try await commit(stage, ("1", "red"), ("2", "blue"))
        let latest = Publication(data: RawJSON("2"), offset: 2, tags: ["colour": "blue"])
        let (_, first) = try await subscribed(stage)
        #expect(first == SubscribeResult(recoverable: true, epoch: "e1", publications: [latest], offset: 2, positioned: true))
        let (_, back) = try await subscribed(stage, since: 1)
        #expect(back.recovered && back.offset == 1 && back.publications == [latest])
        let (_, current) = try await subscribed(stage, since: 2)
        #expect(current.recovered && current.publications.isEmpty)
    }

    @Test func `a slow subscriber of a cache channel gets the latest only`() async throws {
        let stage = stage(.cache)
        let (slow, _) = try await subscribed(stage)
        let (quick, _) = try await subscribed(stage)
        try await slow.setQueuedBytes(1)
        for number in 1...5 { try await commit(stage, ("\(number)", "red")) }
        #expect(try await quick.publications() == [1, 2, 3, 4, 5])
        #expect(try await slow.publications().isEmpty)
        try await slow.setQueuedBytes(0)
        try await stage.advance(bySeconds: 1)
        #expect(try await slow.publications() == [5])
        try await commit(stage, ("6", "red"))
        #expect(try await slow.publications() == [6])
    }

    @Test func `what is held for a slow subscriber never follows what is newer`() async throws {
        let stage = stage(.cache)
        let (slow, _) = try await subscribed(stage)
        try await slow.setQueuedBytes(1)
        try await commit(stage, ("1", "red"))
        // It has read everything, and nobody has looked since.
        try await slow.setQueuedBytes(0)
        try await commit(stage, ("2", "red"))
        try await stage.advance(bySeconds: 1)
        #expect(try await slow.publications() == [2])
        try await slow.setQueuedBytes(1)
        try await commit(stage, ("3", "red"))
        try await slow.setQueuedBytes(0)
        try await stage.advance(bySeconds: 1)
        #expect(try await slow.publications() == [3])
    }

    @Test func `what is held for a slow subscriber follows as soon as the transport has room`() async throws {
        let stage = stage(.cache)
        let (slow, _) = try await subscribed(stage)
        try await slow.setQueuedBytes(1)
        try await commit(stage, ("1", "red"), ("2", "red"))
        #expect(try await slow.publications().isEmpty)
        try await slow.drain()
        #expect(try await slow.publications() == [2])
    }

    @Test func `what is held for a slow subscriber is gone when it leaves`() async throws {
        let stage = stage(.cache)
        let (slow, _) = try await subscribed(stage)
        try await slow.setQueuedBytes(1)
        try await commit(stage, ("1", "red"))
        try await slow.send(.unsubscribe(UnsubscribeRequest(channel: channel)))
        try await slow.setQueuedBytes(0)
        try await stage.advance(bySeconds: 1)
        #expect(try await slow.publications().isEmpty)
    }

    @Test func `news of the moment and of the log reach everybody in their order`() async throws {
        let stage = stage()
        let (peer, _) = try await subscribed(stage)
        stage.relay.committed([stage.log.append("1", to: channel)])
        stage.hub.publish(Publication(data: RawJSON("0"), offset: 99), to: channel)
        stage.relay.committed([stage.log.append("2", to: channel)])
        try await stage.settle()
        #expect(try await peer.publications() == [1, 0, 2])
    }

    @Test func `an inbox that overflows drops what is of its moment only, and nothing else`() async throws {
        var settings = HubSettings()
        settings.inboxBytesMax = 0
        let stage = Stage(settings, TestAccess.Rules())
        let (peer, _) = try await subscribed(stage)
        stage.hub.publish(Publication(data: RawJSON("0")), to: channel)
        stage.relay.committed([stage.log.append("1", to: channel)])
        try await stage.settle()
        #expect(try await peer.publications() == [1])
    }

    @Test func `an event that got lost on the way is found at the next look`() async throws {
        var settings = HubSettings()
        settings.pingSeconds = 1_000
        let stage = Stage(settings, TestAccess.Rules())
        let (peer, _) = try await subscribed(stage)
        let (other, _) = try await subscribed(stage)
        let reads = stage.log.reads
        _ = stage.log.append("1", to: channel)
        try await stage.advance(bySeconds: 19)
        #expect(stage.log.reads == reads)
        try await stage.advance(bySeconds: 1)
        for watcher in [peer, other] { #expect(try await watcher.publications() == [1]) }
        // One look at the top and one read of what was missing, for both.
        #expect(stage.log.reads == reads + 2)
    }
}
