import Testing
import Wire

@testable import Realtime

@Suite struct DrainTests {
    @Test func `everyone is sent away within the time and nobody new comes in`() async throws {
        let stage = Stage()
        let peers = [try await stage.connectedPeer(user: 1), try await stage.connectedPeer(user: 2), try await stage.peer()]
        #expect(stage.hub.connectionCount == 3)
        #expect(stage.hub.acceptsConnections)
        async let drained: Void = stage.hub.drain(overSeconds: 3)
        // The drain is on its way to the loop, which stands until it is moved.
        while stage.hub.acceptsConnections { await Task.yield() }
        let late = try await stage.peer()
        try await stage.advance(bySeconds: 4)
        for peer in peers + [late] {
            #expect(try await peer.closed() == .shutdown)
            try await peer.hangUp()
        }
        await drained
        #expect(stage.hub.connectionCount == 0)
    }

    @Test func `a token that was being looked at when the drain began is not let in`() async throws {
        let stage = Stage()
        let ledger = try await stage.onShard { $0.ledger }
        stage.tokens.set("token-1", .callerAfter({ ledger.drain(whenEmpty: {}) }, stage.caller(user: 1)))
        let peer = try await stage.peer()
        try await peer.send(.connect(ConnectRequest(token: "token-1")))
        #expect(try await peer.closed() == .shutdown)
    }

    @Test func `a process that is full accepts no more connections`() async throws {
        var settings = HubSettings()
        settings.connectionsMax = 1
        let stage = Stage(settings)
        let peer = try await stage.peer()
        #expect(!stage.hub.acceptsConnections)
        try await peer.hangUp()
        #expect(stage.hub.acceptsConnections)
    }
}
