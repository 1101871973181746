import Testing
import Wire

@testable import Realtime

@Suite struct SessionModeTests {
    private func rules(expiresAfter seconds: Int64? = nil) -> TestAccess.Rules {
        var rules = TestAccess.Rules()
        rules.connected["news"] = ChannelGrant(options: .log)
        rules.expiresAt = seconds.map { TestTime().now.advanced(bySeconds: $0) }
        return rules
    }

    @Test func `who only listens is told in bare pushes`() async throws {
        let stage = Stage(rules())
        let peer = try await stage.peer(.unidirectional)
        try await peer.send(frame: Array(#"{"token":"ana"}"#.utf8))
        let first = try #require(try await peer.frames().first)
        #expect(first.hasPrefix(#"{"channel":"","connect":{"client":""#))
        #expect(first.contains(#""subs":{"news":{"#))
        #expect(!first.contains("pong"))
        try await stage.order(.unsubscribe(HubTarget(user: "ana"), channel: "news"))
        let last = try #require(try await peer.frames().last)
        #expect(last == #"{"channel":"news","unsubscribe":{"code":2000,"reason":"server unsubscribe"}}"#)
        try await stage.advance(bySeconds: 200)
        #expect(try await peer.closed() == nil)
    }

    @Test(arguments: [("expired", Disconnect.connectionExpired), ("bad", .invalidToken)])
    func `who only listens and is not let in learns why by the close`(token: String, reason: Disconnect) async throws {
        let peer = try await Stage(rules()).peer(.unidirectional)
        try await peer.send(frame: Array(#"{"token":"\#(token)"}"#.utf8))
        #expect(try await peer.closed() == reason)
        #expect(try await peer.frames().isEmpty)
    }

    @Test func `a command of somebody who only listens is a mistake`() async throws {
        let peer = try await Stage(rules()).peer(.unidirectional)
        try await peer.send(frame: Array(#"{"token":"ana"}"#.utf8))
        try await peer.send(frame: Array(#"{"id":2,"subscribe":{"channel":"x"}}"#.utf8))
        #expect(try await peer.closed() == .badRequest)
    }

    @Test func `where commands come by another way no pong is wanted`() async throws {
        let stage = Stage(rules())
        let peer = try await stage.peer(.emulated)
        try await peer.send(.connect(ConnectRequest(token: "ana")))
        guard case .connect(let result) = try await peer.replies().first else { return #expect(Bool(false)) }
        #expect(result.ping == 25 && !result.pong)
        #expect(result.session == (try await peer.secret()))
        try await stage.advance(bySeconds: 100)
        #expect(try await peer.take().contains(.ping))
        #expect(try await peer.closed() == nil)
    }

    /// Older clients come back in the moment in which they are refused.
    @Test func `where commands come by another way a refused connect is answered with a delay`() async throws {
        let stage = Stage(rules())
        let peer = try await stage.peer(.emulated)
        try await peer.send(.connect(ConnectRequest(token: "expired")))
        #expect(try await peer.take().isEmpty)
        try await stage.advance(bySeconds: 1)
        #expect(try await peer.take().isEmpty)
        try await stage.advance(bySeconds: 1)
        #expect(try await peer.replies() == [.error(.tokenExpired)])
        try await stage.advance(bySeconds: HubSettings().connectSeconds)
        #expect(try await peer.closed() == .stale)
        #expect(try await peer.take().isEmpty)
    }

    @Test func `who only listens and could not be asked about a channel tries again`() async throws {
        var rules = rules()
        rules.isUnavailable = ["weather"]
        let peer = try await Stage(rules).peer(.unidirectional)
        try await peer.send(frame: Array(#"{"token":"ana","subs":{"weather":{}}}"#.utf8))
        #expect(try await peer.closed() == .internalError)
    }

    @Test func `tools get pings of the transport`() async throws {
        let stage = Stage(rules())
        let peer = try await stage.peer(.framePings)
        try await peer.send(.connect(ConnectRequest(token: "ana")))
        guard case .connect(let result) = try await peer.replies().first else { return #expect(Bool(false)) }
        #expect(result.ping == 0 && !result.pong)
        try await stage.advance(bySeconds: 40)
        #expect(try await peer.pings() == 2)
        #expect(try await peer.take().isEmpty)
    }

    @Test func `an anonymous connection lives without a token, and every one for itself`() async throws {
        var settings = HubSettings()
        settings.connectionsPerUserMax = 1
        settings.userCommandsPerSecond = 1
        settings.userCommandsBurst = 1
        let stage = Stage(settings, rules())
        let peers = [try await stage.connectedPeer(token: ""), try await stage.connectedPeer(token: "")]
        for peer in peers {
            try await peer.send(.subscribe(SubscribeRequest(channel: "a")), .subscribe(SubscribeRequest(channel: "b")))
            #expect(try await peer.replies().count == 2)
            #expect(try await peer.closed() == nil)
        }
        try await stage.disconnect("")
        for peer in peers { #expect(try await peer.closed() == .forceNoReconnect) }
        #expect(stage.hub.connectionCount == 0)
    }
}
