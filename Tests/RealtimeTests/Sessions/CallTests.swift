import Testing
import Wire

@testable import Realtime

@Suite struct CallTests {
    private func call(_ data: String) -> Command.Request { .rpc(RPCRequest(method: "m", data: RawJSON(data))) }

    @Test func `a call is answered with what came of it`() async throws {
        var rules = TestAccess.Rules()
        rules.call = { request async throws(AccessRefusal) in
            if request.method == "bad" { throw .error(.methodNotFound) }
            if request.method == "worse" { throw .close(.permissionDenied) }
            return RPCResult(data: request.data)
        }
        let stage = Stage(rules)
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.send(call("1"), .rpc(RPCRequest(method: "bad")))
        #expect(try await Set(peer.replies()) == [.rpc(RPCResult(data: RawJSON("1"))), .error(.methodNotFound)])
        try await peer.send(.rpc(RPCRequest(method: "worse")))
        #expect(try await peer.closed() == .permissionDenied)
    }

    @Test func `a slow call does not keep what comes after it waiting`() async throws {
        var rules = TestAccess.Rules()
        rules.call = { request async throws(AccessRefusal) in
            if request.data == RawJSON("1") { for _ in 0..<200 { await Task.yield() } }
            return RPCResult(data: request.data)
        }
        let stage = Stage(rules)
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.send(call("1"), .unsubscribe(UnsubscribeRequest(channel: "x")))
        let replies = try await peer.replies()
        #expect(replies == [.unsubscribe, .rpc(RPCResult(data: RawJSON("1")))])
    }

    @Test func `an answer that would never fit is refused, and the connection goes on`() async throws {
        var settings = HubSettings()
        settings.queueBytesMax = 65_536
        settings.messageBytesMax = 1_024
        var rules = TestAccess.Rules()
        rules.call = { request async throws(AccessRefusal) in
            RPCResult(data: RawJSON("\"" + String(repeating: "x", count: request.data == RawJSON("1") ? 32_768 : 30_000) + "\""))
        }
        let stage = Stage(settings, rules)
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.send(call("1"))
        #expect(try await peer.replies() == [.error(.limitExceeded)])
        try await peer.send(call("2"))
        guard case .rpc(let result) = try await peer.replies().first else { return #expect(Bool(false)) }
        #expect(result.data?.bytes.count == 30_002)
        #expect(try await peer.closed() == nil)
        #expect(try await stage.onShard { $0.figures.limitsHit[.replyBytes] } == 1)
    }

    @Test func `calls under way are bounded`() async throws {
        var settings = HubSettings()
        settings.callsInFlightMax = 2
        let stage = Stage(settings, TestAccess.Rules())
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.send(call("1"), call("2"), call("3"))
        #expect(try await peer.replies().count { $0 == .error(.tooManyRequests) } == 1)
        try await peer.send(call("4"))
        #expect(try await peer.replies() == [.rpc(RPCResult(data: RawJSON("4")))])
    }

    @Test func `a message has no answer, and too many of them end the connection`() async throws {
        var settings = HubSettings()
        settings.callsInFlightMax = 2
        var rules = TestAccess.Rules()
        rules.message = { $0.data == RawJSON("0") ? .error(.badRequest) : nil }
        let stage = Stage(settings, rules)
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.send(.send(SendRequest(data: RawJSON("1"))), .send(SendRequest(data: RawJSON("0"))))
        #expect(try await peer.take().isEmpty)
        #expect(try await peer.closed() == nil)
        let message = Command.Request.send(SendRequest(data: RawJSON("1")))
        try await peer.send(message, message, message)
        #expect(try await peer.closed() == .tooManyRequests)
    }
}
