import Core
import Testing
import Wire

@testable import Realtime

@Suite struct SessionTimeTests {
    @Test func `who does not connect in time is closed`() async throws {
        let stage = Stage()
        let peer = try await stage.peer()
        try await stage.advance(bySeconds: 9)
        #expect(try await peer.closed() == nil)
        try await stage.advance(bySeconds: 1)
        #expect(try await peer.closed() == .stale)
    }

    @Test func `pings come at their time, whatever else is sent, and each wants its pong`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        try await stage.advance(bySeconds: 11)
        #expect(try await peer.take().isEmpty)
        try await stage.advance(bySeconds: 1)
        #expect(try await peer.take() == [.ping])
        try await peer.send(.pong)
        try await stage.commit(["1"], to: "personal:#1")
        _ = try await peer.take()
        try await stage.advance(bySeconds: 24)
        #expect(try await peer.take().isEmpty)
        try await stage.advance(bySeconds: 1)
        #expect(try await peer.take() == [.ping])
        try await stage.advance(bySeconds: 7)
        #expect(try await peer.closed() == nil)
        try await stage.advance(bySeconds: 1)
        #expect(try await peer.closed() == .noPong)
    }

    @Test func `a pong nobody waits for closes the connection`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        try await stage.advance(bySeconds: 12)
        try await peer.send(.pong)
        #expect(try await peer.closed() == nil)
        try await peer.send(.pong)
        #expect(try await peer.closed() == .badRequest)
    }

    private func stageWithShortToken() -> Stage {
        let stage = Stage(Self.withoutPings)
        stage.tokens.set("token-1", .caller(stage.caller(user: 1, ttlSeconds: 60)))
        return stage
    }

    private static var withoutPings: HubSettings {
        var settings = HubSettings()
        settings.pingSeconds = 1_000
        return settings
    }

    @Test func `a connection outlives its token by a moment and no longer`() async throws {
        let stage = stageWithShortToken()
        let peer = try await stage.connectedPeer()
        try await stage.advance(bySeconds: 84)
        #expect(try await peer.closed() == nil)
        try await stage.advance(bySeconds: 1)
        #expect(try await peer.closed() == .connectionExpired)
    }

    @Test func `a newer token of the same sign-in prolongs the connection`() async throws {
        let stage = stageWithShortToken()
        let peer = try await stage.connectedPeer()
        try await stage.advance(bySeconds: 50)
        stage.tokens.set("newer", .caller(stage.caller(user: 1, ttlSeconds: 60)))
        try await peer.send(.refresh(RefreshRequest(token: "newer")))
        guard case .refresh(let result) = try await peer.replies().first else { return #expect(Bool(false)) }
        #expect(result.expires && result.ttl == 60 && result.client.count == 36)
        try await stage.advance(bySeconds: 84)
        #expect(try await peer.closed() == nil)
        try await stage.advance(bySeconds: 1)
        #expect(try await peer.closed() == .connectionExpired)
    }

    @Test func `a token that is not one of this sign-in ends the connection`() async throws {
        let stage = Stage()
        stage.tokens.set("expired", .refused(.expired))
        stage.tokens.set("ended", .refused(.ended))
        stage.tokens.set("other sign-in", .caller(stage.caller(user: 1, session: 99)))
        let cases: [(String, Disconnect)] = [
            ("expired", .connectionExpired), ("ended", .invalidToken), ("unknown", .invalidToken), ("token-2", .invalidToken),
            ("other sign-in", .invalidToken),
        ]
        for (token, reason) in cases {
            let peer = try await stage.connectedPeer()
            try await peer.send(.refresh(RefreshRequest(token: token)))
            #expect(try await peer.closed() == reason)
        }
    }

    @Test func `a refresh that can't be decided changes nothing`() async throws {
        let stage = Stage()
        stage.tokens.set("slow", .unavailable)
        stage.tokens.set("late", .caller(stage.caller(user: 1, ttlSeconds: 0)))
        let peer = try await stage.connectedPeer()
        try await peer.send(.refresh(RefreshRequest(token: "slow")))
        #expect(try await peer.replies() == [.error(.internalError)])
        try await peer.send(.refresh(RefreshRequest(token: "late")))
        #expect(try await peer.replies() == [.error(.expired)])
        try await peer.send(.refresh(RefreshRequest(token: "slow")), .refresh(RefreshRequest(token: "slow")))
        #expect(try await peer.replies() == [.error(.tooManyRequests), .error(.internalError)])
        #expect(try await peer.closed() == nil)
    }

    @Test func `a refreshed connection falls with its sign-in too`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        try await peer.send(.refresh(RefreshRequest(token: "token-1")))
        try await stage.revoke(.session, user: 1, session: 10)
        #expect(try await peer.closed() == .invalidToken)
    }

    @Test func `a connect that the server is slow with may be tried again`() {
        var state = SessionState(client: "c", settings: SharedSettings(HubSettings()), at: 0)
        _ = state.received(Command(id: 1, request: .connect(ConnectRequest(token: "t"))), at: 1)
        #expect(state.nextDue == 10)
        #expect(state.timeReached(10) == [.close(.internalError)])
        #expect(state.nextDue == nil)
        #expect(state.received(Command(id: 0, request: .pong), at: 11).isEmpty)
    }
}
