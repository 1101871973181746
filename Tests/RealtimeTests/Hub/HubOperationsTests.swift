import Testing
import Wire

@testable import Realtime

@Suite struct HubOperationsTests {
    private func stage() -> Stage { Stage(TestAccess.Rules()) }

    private func subscribed(_ stage: Stage, _ user: String, to channels: String...) async throws -> Peer {
        let peer = try await stage.connectedPeer(token: user)
        for channel in channels { try await peer.send(.subscribe(SubscribeRequest(channel: channel))) }
        _ = try await peer.take()
        return peer
    }

    @Test func `a publication without a log reaches whoever is there`() async throws {
        let stage = stage()
        let peer = try await subscribed(stage, "ana", to: "a")
        stage.hub.publish(Publication(data: RawJSON("1"), tags: ["k": "v"]), to: "a")
        try await stage.settle()
        let expected = Publication(data: RawJSON("1"), tags: ["k": "v"])
        #expect(try await peer.pushes() == [Push(channel: "a", body: .publication(expected))])
    }

    @Test func `a user is disconnected, all connections, one of them, or all but some`() async throws {
        let stage = stage()
        var peers: [Peer] = []
        for _ in 0..<4 { peers.append(try await subscribed(stage, "ana")) }
        let other = try await subscribed(stage, "ben")
        let (client, secret, spared) = (try await peers[0].client(), try await peers[1].secret(), try await peers[2].client())
        try await stage.disconnect("ana", client: client, .stateInvalidated)
        #expect(try await peers[0].closed() == .stateInvalidated)
        #expect(try await peers[1].closed() == nil)
        try await stage.disconnect("ana", session: secret)
        #expect(try await peers[1].closed() == .forceNoReconnect)
        #expect(try await peers[2].closed() == nil)
        try await stage.disconnect("ana", sparing: [spared])
        #expect(try await peers[2].closed() == nil)
        #expect(try await peers[3].closed() == .forceNoReconnect)
        #expect(try await other.closed() == nil)
    }

    @Test func `what is going on can be asked`() async throws {
        let stage = stage()
        _ = try await subscribed(stage, "ana", to: "chat:1", "chat:2")
        _ = try await subscribed(stage, "ana", to: "chat:1")
        _ = try await subscribed(stage, "ben", to: "news")
        #expect(try await stage.running { await $0.channels() } == ["chat:1": 2, "chat:2": 1, "news": 1])
        #expect(try await stage.running { await $0.channels("chat:*") } == ["chat:1": 2, "chat:2": 1])
        try await stage.advance(bySeconds: 5)
        let info = try await stage.running { await $0.info() }
        #expect(
            info
                == HubInfo(
                    node: "node-1", version: "ringside 0.1.0", connections: 3, users: 2, channels: 3, subscriptions: 4, uptimeSeconds: 5))
    }

    @Test func `the figures add up`() async throws {
        let stage = stage()
        let ana = try await subscribed(stage, "ana", to: "a")
        let ben = try await subscribed(stage, "ben", to: "a", "b")
        try await stage.commit(["1"], to: "a")
        try await ana.send(.unsubscribe(UnsubscribeRequest(channel: "a")))
        for (offset, epoch) in [(UInt64(0), "e1"), (0, "other")] {
            try await ana.send(
                .subscribe(SubscribeRequest(channel: "a", recover: true, epoch: epoch, offset: offset)),
                .unsubscribe(UnsubscribeRequest(channel: "a")))
        }
        try await stage.disconnect("ana")
        try await ben.slowDown()
        let figures = try #require(try await stage.running { await $0.figures() }.first)
        #expect(figures.connections == 0)
        #expect(figures.subscriptions == 0)
        #expect(figures.channels == 2)
        #expect(figures.deliveries == 2)
        #expect(figures.fresh == 3)
        #expect(figures.recovered == 1)
        #expect(figures.unrecovered == 1)
        #expect(figures.closes == [Disconnect.forceNoReconnect.code: 1, Disconnect.slow.code: 1])
        #expect(figures.slow == 1)
        // One for each channel, and one for what was missed before the server knew it.
        #expect(figures.logReads == stage.log.reads)
        #expect(figures.logReadFailures == 0)
    }

    @Test(
        arguments: [
            ("", "any:thing", true), ("*", "", true), ("chat:*", "chat:1", true), ("chat:*", "chatty", false), ("*:1", "chat:1", true),
            ("*:1", "chat:12", false), ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXbYb", false), ("chat:?", "chat:1", true),
            ("chat:?", "chat:", false), ("chat", "chat", true), ("chat", "cha", false), ("chat", "chats", false), ("**", "x", true),
        ])
    func `a pattern means the channels it looks like`(pattern: String, channel: String, expected: Bool) {
        #expect(ChannelPattern(pattern).matches(channel) == expected)
    }
}
