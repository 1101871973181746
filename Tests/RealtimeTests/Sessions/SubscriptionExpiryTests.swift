import Testing
import Wire

@testable import Realtime

@Suite struct SubscriptionExpiryTests {
    private let room = "room"

    private func stage(serverSide: Bool = false) -> Stage {
        var settings = HubSettings()
        settings.pingSeconds = 1_000
        let stage = Stage(settings, TestAccess.Rules())
        let now = stage.time.now
        let grant = ChannelGrant(options: .log, expiresAt: now.advanced(bySeconds: 60))
        stage.access?.rules.withLock { rules in
            if serverSide { rules.connected[room] = grant } else { rules.grants[room] = grant }
            rules.renewals["newer"] = .success(ChannelGrant(options: .log, expiresAt: now.advanced(bySeconds: 130)))
            rules.renewals["endless"] = .success(ChannelGrant(options: .log))
            rules.renewals["past"] = .success(ChannelGrant(options: .log, expiresAt: now.advanced(bySeconds: -1)))
            rules.renewals["refused"] = .failure(.error(.permissionDenied))
        }
        return stage
    }

    private func subscribed(_ stage: Stage) async throws -> Peer {
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.send(.subscribe(SubscribeRequest(channel: room)))
        guard case .subscribe(let result) = try await peer.replies().first else { return peer }
        #expect(result.expires && result.ttl == 60)
        return peer
    }

    private func renew(_ token: String) -> Command.Request { .subRefresh(SubRefreshRequest(channel: room, token: token)) }

    @Test func `a subscription outlives its token by a moment, and its connection goes on`() async throws {
        let stage = stage()
        let peer = try await subscribed(stage)
        try await stage.advance(bySeconds: 84)
        #expect(try await peer.take().isEmpty)
        try await stage.advance(bySeconds: 1)
        #expect(try await peer.take() == [.push(Push(channel: room, body: .unsubscribe(.expired)))])
        #expect(try await peer.closed() == nil)
        try await stage.commit(["1"], to: room)
        #expect(try await peer.take().isEmpty)
    }

    @Test func `one that the server began takes the connection with it`() async throws {
        let stage = stage(serverSide: true)
        let peer = try await stage.connectedPeer(token: "ana")
        try await stage.advance(bySeconds: 85)
        #expect(try await peer.closed() == .subscriptionExpired)
    }

    @Test func `a newer token prolongs it`() async throws {
        let stage = stage()
        let peer = try await subscribed(stage)
        try await stage.advance(bySeconds: 70)
        try await peer.send(renew("newer"))
        #expect(try await peer.replies() == [.subRefresh(SubRefreshResult(expires: true, ttl: 60))])
        try await stage.advance(bySeconds: 84)
        #expect(try await peer.take().isEmpty)
        try await peer.send(renew("endless"))
        #expect(try await peer.replies() == [.subRefresh(SubRefreshResult())])
        try await stage.advance(bySeconds: 600)
        #expect(try await peer.pushes().isEmpty)
    }

    @Test func `a token that is past its time is never accepted`() async throws {
        let peer = try await subscribed(stage())
        try await peer.send(renew("past"))
        #expect(try await peer.closed() == .subscriptionExpired)
    }

    @Test func `what is no newer token is answered, or ends the connection`() async throws {
        let stage = stage()
        let peer = try await subscribed(stage)
        try await peer.send(renew(""))
        #expect(try await peer.replies() == [.error(.badRequest)])
        try await peer.send(renew("refused"))
        #expect(try await peer.replies() == [.error(.permissionDenied)])
        try await peer.send(renew("newer"), renew("newer"))
        #expect(try await peer.replies().count { $0 == .error(.tooManyRequests) } == 1)
        try await peer.send(renew("another's"))
        #expect(try await peer.closed() == .invalidToken)
    }

    @Test func `a grant that is past its time is no subscription`() async throws {
        let stage = stage()
        stage.time.advance(bySeconds: 60)
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.send(.subscribe(SubscribeRequest(channel: room)))
        #expect(try await peer.replies() == [.error(.tokenExpired)])
    }

    @Test func `a renewal of a subscription that ended meanwhile renews nothing`() async throws {
        let stage = stage()
        let peer = try await subscribed(stage)
        try await peer.send(renew("newer"), .unsubscribe(UnsubscribeRequest(channel: room)), .subscribe(SubscribeRequest(channel: room)))
        let replies = try await peer.replies()
        #expect(replies.contains(.error(.permissionDenied)))
        try await stage.advance(bySeconds: 85)
        #expect(try await peer.pushes() == [Push(channel: room, body: .unsubscribe(.expired))])
    }
}
