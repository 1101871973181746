import Core
import Testing
import Wire

@testable import Realtime

@Suite struct RevocationTests {
    @Test func `a logout closes the sockets of that sign-in and no other`() async throws {
        let stage = Stage()
        stage.tokens.set("phone", .caller(stage.caller(user: 1, session: 11)))
        let laptop = try await stage.connectedPeer()
        let phone = try await stage.peer()
        try await phone.send(.connect(ConnectRequest(token: "phone")))
        let other = try await stage.connectedPeer(user: 2)
        try await stage.revoke(.session, user: 1, session: 11)
        #expect(try await phone.closed() == .invalidToken)
        #expect(try await laptop.closed() == nil)
        #expect(try await other.closed() == nil)
    }

    @Test func `a deleted account loses every socket for good`() async throws {
        let stage = Stage()
        let peers = [try await stage.connectedPeer(), try await stage.connectedPeer()]
        try await stage.revoke(.account, user: 1)
        for peer in peers { #expect(try await peer.closed() == .invalidToken) }
    }

    @Test func `a change of role sends the clients for a new token`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        try await stage.revoke(.tokens, user: 1)
        #expect(try await peer.closed() == .stateInvalidated)
    }

    @Test func `a connect that races with a logout loses`() async throws {
        let stage = Stage()
        let logout = try stage.revocation(.session, user: 1, session: 10)
        stage.tokens.set("token-1", .callerAfter({ stage.relay.committed([logout]) }, stage.caller(user: 1)))
        let peer = try await stage.peer()
        try await peer.send(.connect(ConnectRequest(token: "token-1")))
        #expect(try await peer.closed() == .invalidToken)
        #expect(try await peer.take().isEmpty)
    }

    @Test func `a connect that races with a change of role or password is sent for a new token`() async throws {
        let stage = Stage()
        let change = try stage.revocation(.tokens, user: 1)
        stage.tokens.set("token-1", .callerAfter({ stage.relay.committed([change]) }, stage.caller(user: 1)))
        let peer = try await stage.peer()
        try await peer.send(.connect(ConnectRequest(token: "token-1")))
        #expect(try await peer.replies() == [.error(.tokenExpired)])
        #expect(try await peer.closed() == nil)
    }

    @Test func `a revocation is known to the server's own parts when the hand-over returns`() async throws {
        let stage = Stage()
        let caller = stage.caller(user: 1)
        stage.relay.committed([try stage.revocation(.account, user: 1)])
        #expect(!stage.tokens.isStillValid(caller))
    }

    @Test func `nothing reaches a client after the revocation that stands before it in the log`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        stage.relay.committed([try stage.revocation(.account, user: 1)])
        stage.relay.committed([stage.log.append("1", to: "personal:#1")])
        try await stage.settle()
        #expect(try await peer.take().isEmpty)
    }

    @Test func `an inbox too full for revocations has every caller looked at again`() async throws {
        var settings = HubSettings()
        settings.inboxBytesMax = 0
        let stage = Stage(settings)
        let (gone, stays) = (try await stage.connectedPeer(user: 1), try await stage.connectedPeer(user: 2))
        let promoted = try await stage.connectedPeer(user: 3)
        try await stage.revoke(.account, user: 1)
        try await stage.revoke(.tokens, user: 3)
        #expect(try await gone.closed() == .invalidToken)
        #expect(try await stays.closed() == nil)
        #expect(try await promoted.closed() == .stateInvalidated)
    }
}
