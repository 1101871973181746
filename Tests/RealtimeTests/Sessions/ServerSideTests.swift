import Testing
import Wire

@testable import Realtime

@Suite struct ServerSideTests {
    private let news = "news"

    private func connected(_ channels: [String: ChannelGrant]) -> TestAccess.Rules {
        var rules = TestAccess.Rules()
        rules.connected = channels
        rules.data = RawJSON(#"{"hello":1}"#)
        return rules
    }

    private func logged(_ offset: UInt64) -> Push {
        Push(channel: news, body: .publication(Publication(data: RawJSON("\(offset)"), offset: offset)))
    }

    @Test func `several channels begin with the connection, each from where the client stopped`() async throws {
        let stage = Stage(connected(["news": ChannelGrant(options: .log, data: RawJSON("7")), "live": ChannelGrant(options: .live)]))
        try await stage.commit(["1", "2"], to: news)
        let peer = try await stage.peer()
        let known = SubscribeRequest(recover: true, epoch: "e1", offset: 1)
        try await peer.send(.connect(ConnectRequest(token: "ana", subs: ["news": known, "gone": known])))
        guard case .connect(let result) = try await peer.replies().first else { return #expect(Bool(false)) }
        #expect(result.data == RawJSON(#"{"hello":1}"#))
        #expect(!result.expires)
        let expected = SubscribeResult(
            recoverable: true, epoch: "e1", publications: [Publication(data: RawJSON("2"), offset: 2)], recovered: true, offset: 1,
            positioned: true, data: RawJSON("7"), wasRecovering: true
        )
        #expect(result.subs == ["news": expected, "live": SubscribeResult()])
        try await stage.commit(["3"], to: news)
        #expect(try await peer.publications() == [3])
    }

    @Test func `more channels than a connection may have close it`() async throws {
        var settings = HubSettings()
        settings.channelsMax = 1
        let rules = connected(["a": ChannelGrant(options: .log), "b": ChannelGrant(options: .log)])
        let peer = try await Stage(settings, rules).peer()
        try await peer.send(.connect(ConnectRequest(token: "ana")))
        #expect(try await peer.closed() == .channelLimit)

        let full = Stage(settings, connected(["a": ChannelGrant(options: .log)]))
        let other = try await full.connectedPeer(token: "ana")
        try await full.order(.subscribe(HubTarget(user: "ana"), channel: "b", ChannelGrant(options: .log), since: nil))
        #expect(try await other.closed() == .channelLimit)
    }

    @Test func `a connection that stands is subscribed by a push, and gets what it missed after it`() async throws {
        let stage = Stage(connected([:]))
        try await stage.commit(["1", "2"], to: news)
        let (ana, ben) = (try await stage.connectedPeer(token: "ana"), try await stage.connectedPeer(token: "ben"))
        try await stage.order(
            .subscribe(
                HubTarget(user: "ana"), channel: news, ChannelGrant(options: .log, data: RawJSON("7")),
                since: StreamPosition(epoch: "e1", offset: 1)
            )
        )
        let push = SubscribePush(recoverable: true, epoch: "e1", offset: 1, positioned: true, data: RawJSON("7"))
        #expect(try await ana.pushes() == [Push(channel: news, body: .subscribe(push)), logged(2)])
        try await stage.commit(["3"], to: news)
        #expect(try await ana.pushes() == [logged(3)])
        #expect(try await ben.take().isEmpty)
        // Once more changes nothing.
        try await stage.order(.subscribe(HubTarget(user: "ana"), channel: news, ChannelGrant(options: .log), since: nil))
        #expect(try await ana.take().isEmpty)
    }

    /// What a client may not ask for, the application may give.
    @Test func `where the server says where a subscription begins, the channel's options do not matter`() async throws {
        var options = ChannelOptions()
        options.hasLog = true
        let stage = Stage(connected([:]))
        try await stage.commit(["1", "2"], to: news)
        let ana = try await stage.connectedPeer(token: "ana")
        let since = StreamPosition(epoch: "e1", offset: 1)
        try await stage.order(.subscribe(HubTarget(user: "ana"), channel: news, ChannelGrant(options: options), since: since))
        #expect(try await ana.pushes().last == logged(2))
    }

    @Test func `one of several connections may be meant`() async throws {
        let stage = Stage(connected([:]))
        let (first, second) = (try await stage.connectedPeer(token: "ana"), try await stage.connectedPeer(token: "ana"))
        let client = try await first.client()
        try await stage.order(.subscribe(HubTarget(user: "ana", client: client), channel: "c", ChannelGrant(options: .log), since: nil))
        #expect(try await first.pushes().count == 1)
        #expect(try await second.pushes().isEmpty)
    }

    @Test func `the server ends subscriptions, its own and the client's`() async throws {
        let stage = Stage(connected([news: ChannelGrant(options: .log)]))
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.send(.subscribe(SubscribeRequest(channel: "own")))
        _ = try await peer.take()
        for channel in [news, "own", "unknown"] { try await stage.order(.unsubscribe(HubTarget(user: "ana"), channel: channel)) }
        #expect(
            try await peer.pushes() == [
                Push(channel: news, body: .unsubscribe(.server)), Push(channel: "own", body: .unsubscribe(.server)),
            ])
        try await stage.commit(["1"], to: news)
        try await stage.commit(["1"], to: "own")
        #expect(try await peer.take().isEmpty)
    }

    @Test func `the end of a subscription never overtakes its beginning`() {
        var state = SessionState(client: "c", settings: SharedSettings(HubSettings()), at: 0)
        _ = state.received(Command(id: 1, request: .connect(ConnectRequest())), at: 0)
        _ = state.authenticated(.accepted(Principal(user: "ana"), ttlSeconds: nil), at: 0)
        _ = state.received(Command(id: 2, request: .subscribe(SubscribeRequest(channel: "c"))), at: 0)
        #expect(state.serverUnsubscribed(from: "c", .server).isEmpty)
        _ = state.admitted(to: "c", .success(Admission(grant: ChannelGrant(options: .log), ttlSeconds: nil)), at: 0)
        let start = StreamStart(top: StreamPosition(epoch: "e", offset: 3), recovery: .fresh)
        let answer = SubscribeResult(recoverable: true, epoch: "e", offset: 3, positioned: true)
        #expect(
            state.joined("c", at: start, second: 0) == [
                .reply(Reply(id: 2, body: .subscribe(answer))), .leave(channel: "c"),
                .push(Push(channel: "c", body: .unsubscribe(.server))),
            ])
    }

    @Test func `the end of a connection can be moved`() async throws {
        var settings = HubSettings()
        settings.pingSeconds = 1_000
        let stage = Stage(settings, connected([:]))
        let peer = try await stage.connectedPeer(token: "ana")
        let later = stage.time.now.advanced(bySeconds: 60)
        try await stage.order(.refresh(HubTarget(user: "ana"), expiresAt: later))
        #expect(try await peer.pushes() == [Push(body: .refresh(RefreshPush(expires: true, ttl: 60)))])
        try await stage.order(.refresh(HubTarget(user: "ana"), expiresAt: nil))
        #expect(try await peer.pushes() == [Push(body: .refresh(RefreshPush()))])
        try await stage.advance(bySeconds: 100)
        #expect(try await peer.closed() == nil)
        let past = stage.time.now.advanced(bySeconds: -1)
        try await stage.order(.refresh(HubTarget(user: "ana"), expiresAt: past))
        #expect(try await peer.closed() == .connectionExpired)
    }

    @Test func `a log that can't be read keeps the connection from beginning, and leaves nothing behind`() async throws {
        let stage = Stage(connected([news: ChannelGrant(options: .log), "live": ChannelGrant(options: .live)]))
        stage.log.setBroken(true)
        let peer = try await stage.peer()
        try await peer.send(.connect(ConnectRequest(token: "ana")))
        #expect(try await peer.replies() == [.error(.internalError)])
        stage.hub.publish(Publication(data: RawJSON("1")), to: "live")
        try await stage.settle()
        #expect(try await peer.take().isEmpty)
        try await stage.advance(bySeconds: 31)
        #expect(try await stage.onShard { $0.channels.count } == 0)
    }
}
