import Core
import Testing
import Wire

@testable import Realtime

@Suite struct ConnectTests {
    private let connect = Command.Request.connect(ConnectRequest(token: "token-1"))

    private func connectResult(_ replies: [Reply.Body]) -> ConnectResult? {
        if case .connect(let result) = replies.first { result } else { nil }
    }

    @Test func `a connection learns its name, its pings, its token's life and its own channel`() async throws {
        let stage = Stage()
        let peer = try await stage.peer()
        try await peer.send(connect)
        let result = try #require(connectResult(try await peer.replies()))
        #expect(result.client.count == 36)
        #expect(result.version == "ringside 0.1.0")
        #expect(result.expires)
        #expect(result.ttl == 900)
        #expect(result.ping == 25)
        #expect(result.pong)
        #expect(result.session.count == 32)
        #expect(result.node == "node-1")
        #expect(result.subs == ["personal:#1": SubscribeResult(recoverable: true, epoch: "e1", offset: 0, positioned: true)])
    }

    @Test func `events that the own channel carried while away come with the connect result`() async throws {
        let stage = Stage()
        try await stage.commit(["1", "2", "3"], to: "personal:#1")
        let peer = try await stage.peer()
        let known = SubscribeRequest(recover: true, epoch: "e1", offset: 1)
        try await peer.send(.connect(ConnectRequest(token: "token-1", subs: ["personal:#1": known, "chat:7": known])))
        let result = try #require(connectResult(try await peer.replies()))
        let own = try #require(result.subs["personal:#1"])
        #expect(result.subs.count == 1)
        #expect(own.recovered && own.wasRecovering)
        #expect(own.offset == 1)
        #expect(own.publications.map(\.offset) == [2, 3])
        try await stage.commit(["4"], to: "personal:#1")
        #expect(try await peer.publications() == [4])
    }

    @Test func `subscriptions in the same frame wait for the connection and are answered in order`() async throws {
        let stage = Stage()
        let peer = try await stage.peer()
        try await peer.send(
            connect, .subscribe(SubscribeRequest(channel: "calendar:venue:1")), .subscribe(SubscribeRequest(channel: "calendar:venue:2"))
        )
        let ids = try await peer.take().map { if case .reply(let reply) = $0 { reply.id } else { UInt32(0) } }
        #expect(ids.first == 1)
        #expect(Set(ids) == [1, 2, 3])
        #expect(try await peer.closed() == nil)
    }

    @Test(arguments: [
        "", "\n", "nonsense", "{}", #"{"id":1}"#, #"{"id":0,"connect":{"token":"token-1"}}"#, #"{"id":1,"dance":{}}"#,
        #"{"id":1,"connect":{}}"#, #"{"id":1,"subscribe":{"channel":"calendar:venue:1"}}"#, #"{"id":1,"ping":{}}"#,
    ])
    func `what is no connect command closes the connection`(frame: String) async throws {
        let stage = Stage()
        let peer = try await stage.peer()
        try await peer.send(frame: Array(frame.utf8))
        #expect(try await peer.closed() == .badRequest)
        #expect(try await peer.take().isEmpty)
        #expect(stage.hub.connectionCount == 0)
    }

    @Test func `a second connect closes the connection`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        try await peer.send(connect)
        #expect(try await peer.closed() == .badRequest)
    }

    @Test(arguments: [AuthenticationError.invalid, .ended])
    func `a token that was never good, or whose sign-in has ended, is final`(error: AuthenticationError) async throws {
        let stage = Stage()
        stage.tokens.set("bad", .refused(error))
        let peer = try await stage.peer()
        try await peer.send(.connect(ConnectRequest(token: "bad")))
        #expect(try await peer.closed() == .invalidToken)
        #expect(try await peer.take().isEmpty)
    }

    @Test func `an expired token is an error that a new token heals, and what came with it is dropped`() async throws {
        let stage = Stage()
        stage.tokens.set("old", .refused(.expired))
        let peer = try await stage.peer()
        try await peer.send(.connect(ConnectRequest(token: "old")), .subscribe(SubscribeRequest(channel: "calendar:venue:1")))
        #expect(try await peer.replies() == [.error(.tokenExpired)])
        #expect(try await peer.closed() == nil)
        try await peer.send(connect)
        #expect(try await peer.closed() == .badRequest)
    }

    @Test func `accounts that can't answer are a temporary error`() async throws {
        let stage = Stage()
        stage.tokens.set("slow", .unavailable)
        let peer = try await stage.peer()
        try await peer.send(.connect(ConnectRequest(token: "slow")))
        #expect(try await peer.replies() == [.error(.internalError)])
    }

    @Test func `a log that can't be read is a temporary error`() async throws {
        let stage = Stage()
        stage.log.setBroken(true)
        let peer = try await stage.peer()
        try await peer.send(connect)
        #expect(try await peer.replies() == [.error(.internalError)])
    }

    @Test func `one person has only so many connections, and a closed one makes room`() async throws {
        var settings = HubSettings()
        settings.connectionsPerUserMax = 2
        let stage = Stage(settings)
        let first = try await stage.connectedPeer()
        _ = try await stage.connectedPeer()
        let third = try await stage.connectedPeer()
        #expect(try await third.closed() == .connectionLimit)
        #expect(try await stage.connectedPeer(user: 2).closed() == nil)
        try await first.hangUp()
        #expect(try await stage.connectedPeer().closed() == nil)
        #expect(stage.hub.connectionCount == 3)
    }

    @Test func `commands behind a connect that takes long are bounded`() async throws {
        var settings = HubSettings()
        settings.waitingCommandsMax = 3
        let stage = Stage(settings)
        let peer = try await stage.peer()
        let subscribes = (1...4).map { Command.Request.subscribe(SubscribeRequest(channel: "calendar:venue:\($0)")) }
        try await peer.send(connect, subscribes[0], subscribes[1], subscribes[2], subscribes[3])
        #expect(try await peer.closed() == .tooManyRequests)
    }

    @Test func `names are not repeated`() {
        let names = Set((0..<1_000).map { _ in ConnectionName.client() })
        #expect(names.count == 1_000)
        #expect(names.allSatisfy { $0.count == 36 && Array($0)[14] == "4" && "89ab".contains(Array($0)[19]) })
    }
}
