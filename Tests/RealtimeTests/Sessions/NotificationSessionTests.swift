import Core
import NIOCore
import Testing
import Wire

@testable import Realtime

@Suite struct NotificationSessionTests {
    /// A plain client of a ``Stage``.
    private struct Listener {
        final class Wiring {
            let transport = RecordingTransport()
            var session: NotificationSession?
        }

        let stage: Stage
        let wiring: NIOLoopBound<Wiring>

        init(_ stage: Stage, _ caller: SignedInCaller) async throws {
            self.stage = stage
            wiring = try await stage.loop.executeInContext {
                let wiring = Wiring()
                let loop = stage.loop
                wiring.session = stage.hub.openNotifications(
                    on: loop, transport: wiring.transport, caller: caller, format: .plainNotification)
                return NIOLoopBound(wiring, eventLoop: loop)
            }
            try await stage.settle()
        }

        func look<Value: Sendable>(_ body: @escaping @Sendable (Wiring) -> Value) async throws -> Value {
            try await stage.loop.executeInContext { [wiring] in body(wiring.value) }
        }

        func frames() async throws -> [String] {
            try await look { $0.transport.frames.flatMap { $0.split(separator: "\n").map(String.init) } }
        }

        func closed() async throws -> Disconnect? { try await look { $0.transport.closed } }
    }

    @Test func `the person's own events arrive as they are, and nobody else's`() async throws {
        let stage = Stage()
        let listener = try await Listener(stage, stage.caller(user: 1))
        try await stage.commit([#"{"type":"a"}"#, #"{"type":"b"}"#], to: "personal:#1")
        try await stage.commit([#"{"type":"c"}"#], to: "personal:#2")
        #expect(try await listener.frames() == [#"{"type":"a"}"#, #"{"type":"b"}"#])
    }

    @Test func `the same event goes to both kinds of client`() async throws {
        let stage = Stage()
        let listener = try await Listener(stage, stage.caller(user: 1))
        let peer = try await stage.connectedPeer()
        try await stage.commit([#"{"type":"a"}"#], to: "personal:#1")
        #expect(try await listener.frames() == [#"{"type":"a"}"#])
        #expect(try await peer.publications() == [1])
    }

    @Test func `a sign-in that ended since the upgrade is not let in, one that ends is closed`() async throws {
        let stage = Stage()
        let first = try await Listener(stage, stage.caller(user: 1))
        try await stage.revoke(.session, user: 1, session: 10)
        #expect(try await first.closed() == .invalidToken)
        let second = try await Listener(stage, stage.caller(user: 1))
        #expect(try await second.closed() == .invalidToken)
        #expect(stage.hub.connectionCount == 0)
    }

    @Test func `pings come at their time, and the token's end closes`() async throws {
        let stage = Stage()
        let listener = try await Listener(stage, stage.caller(user: 1, ttlSeconds: 60))
        try await stage.advance(bySeconds: 84)
        #expect(try await listener.look { $0.transport.pings } == 3)
        #expect(try await listener.closed() == nil)
        try await stage.advance(bySeconds: 1)
        #expect(try await listener.closed() == .connectionExpired)
    }

    @Test func `chatter of the client is ignored up to a rate`() async throws {
        var settings = HubSettings()
        settings.commandsBurst = 5
        let stage = Stage(settings)
        let listener = try await Listener(stage, stage.caller(user: 1))
        try await listener.look { wiring in for _ in 0..<5 { wiring.session?.received() } }
        #expect(try await listener.closed() == nil)
        try await listener.look { $0.session?.received() }
        #expect(try await listener.closed() == .tooManyRequests)
    }

    @Test func `a log that can't be read, or has a gap, closes with a code to come back`() async throws {
        let stage = Stage()
        stage.log.setBroken(true)
        let refused = try await Listener(stage, stage.caller(user: 1))
        #expect(try await refused.closed() == .internalError)
        stage.log.setBroken(false)
        let listener = try await Listener(stage, stage.caller(user: 1))
        stage.log.restore(epoch: "e2")
        try await stage.commit(["1"], to: "personal:#1")
        #expect(try await listener.closed() == .insufficientState)
    }

    @Test func `drains and limits hold here too`() async throws {
        var settings = HubSettings()
        settings.connectionsPerUserMax = 1
        let stage = Stage(settings)
        let listener = try await Listener(stage, stage.caller(user: 1))
        let second = try await Listener(stage, stage.caller(user: 1))
        #expect(try await second.closed() == .connectionLimit)
        try await stage.onShard { $0.drain(overSeconds: 2) }
        try await stage.advance(bySeconds: 3)
        #expect(try await listener.closed() == .shutdown)
        #expect(stage.hub.connectionCount == 0)
    }
}
