import Synchronization
import Testing
import Wire

@testable import Realtime

@Suite struct PublishTests {
    private let live = "chat-live:7"

    private func rules() -> TestAccess.Rules {
        var rules = TestAccess.Rules()
        rules.info = RawJSON(#"{"name":"x"}"#)
        var options = ChannelOptions()
        options.publishForSubscriber = true
        rules.grants[live] = ChannelGrant(options: options)
        return rules
    }

    private func publish(_ data: String, to channel: String = "chat-live:7") -> Command.Request {
        .publish(PublishRequest(channel: channel, data: RawJSON(data)))
    }

    private func subscribed(_ stage: Stage, _ user: String, to channel: String = "chat-live:7") async throws -> Peer {
        let peer = try await stage.connectedPeer(token: user)
        try await peer.send(.subscribe(SubscribeRequest(channel: channel)))
        _ = try await peer.take()
        return peer
    }

    @Test func `what is said in a channel without a log reaches everybody there, and says who said it`() async throws {
        let stage = Stage(rules())
        let (ana, ben) = (try await subscribed(stage, "ana"), try await subscribed(stage, "ben"))
        try await ana.send(publish("1"))
        let info = ClientInfo(user: "ana", client: try await ana.client(), connInfo: RawJSON(#"{"name":"x"}"#))
        let expected = Push(channel: live, body: .publication(Publication(data: RawJSON("1"), info: info)))
        #expect(try await ben.pushes() == [expected])
        let own = try await ana.take()
        #expect(own.contains(.push(expected)))
        #expect(own.contains(.reply(Reply(id: 1, body: .publish))))
        #expect(stage.log.reads == 0)
    }

    @Test func `a channel without a log promises no position`() async throws {
        let stage = Stage(rules())
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.send(
            .subscribe(SubscribeRequest(channel: live, recover: true, epoch: "e1", offset: 1, positioned: true, recoverable: true)))
        #expect(try await peer.replies() == [.subscribe(SubscribeResult(wasRecovering: true))])
    }

    @Test func `publications keep their order however long each of them takes`() async throws {
        var rules = rules()
        let slow = Mutex(true)
        rules.publish = { _ in
            // The first one yields more often than the others could need.
            if slow.withLock({ first in
                defer { first = false }; return first
            }) {
                for _ in 0..<50 { await Task.yield() }
            }
            return nil
        }
        let stage = Stage(rules)
        let (ana, ben) = (try await subscribed(stage, "ana"), try await subscribed(stage, "ben"))
        try await ana.send(publish("1"), publish("2"), publish("3"))
        let heard = try await ben.pushes().map { if case .publication(let said) = $0.body { said.data.text } else { "" } }
        #expect(heard == ["1", "2", "3"])
        let ids = try await ana.take().compactMap { if case .reply(let reply) = $0 { reply.id } else { nil } }
        #expect(ids == [1, 2, 3])
    }

    @Test func `who may not publish is told so, and what was said before and after goes out`() async throws {
        var rules = rules()
        rules.publish = { request in request.data == RawJSON("2") ? .error(ProtocolError(code: 400, message: "no")) : nil }
        let stage = Stage(rules)
        let ana = try await subscribed(stage, "ana")
        try await ana.send(publish("1"), publish("2"), publish("3"), publish("4", to: "elsewhere"))
        #expect(
            try await ana.replies() == [.publish, .error(ProtocolError(code: 400, message: "no")), .publish, .error(.permissionDenied)])
        try await ana.send(.subscribe(SubscribeRequest(channel: "log")))
        _ = try await ana.take()
        try await ana.send(publish("5", to: "log"))
        #expect(try await ana.replies() == [.error(.permissionDenied)])
    }

    @Test func `a publication right behind the subscription waits for it`() async throws {
        let stage = Stage(rules())
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.send(.subscribe(SubscribeRequest(channel: live)), publish("1"))
        #expect(try await peer.replies() == [.subscribe(SubscribeResult()), .publish])
    }

    @Test func `where the channel is open to everybody nobody has to subscribe`() async throws {
        var rules = rules()
        rules.open["board"] = {
            var options = ChannelOptions(); options.publishForClient = true; return options
        }()
        rules.open["hall"] = ChannelOptions()
        let stage = Stage(rules)
        let listener = try await subscribed(stage, "ben", to: "board")
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.send(publish("1", to: "board"), publish("2", to: "hall"))
        #expect(try await peer.replies() == [.publish, .error(.permissionDenied)])
        #expect(try await listener.pushes().count == 1)
    }

    @Test func `access that ends the connection ends it`() async throws {
        var rules = rules()
        rules.publish = { _ in .close(.permissionDenied) }
        let peer = try await subscribed(Stage(rules), "ana")
        try await peer.send(publish("1"))
        #expect(try await peer.closed() == .permissionDenied)
    }

    @Test func `publications that wait are bounded`() async throws {
        var settings = HubSettings()
        settings.waitingCommandsMax = 2
        let peer = try await subscribed(Stage(settings, rules()), "ana")
        try await peer.send(publish("1"), publish("2"), publish("3"))
        #expect(try await peer.closed() == .tooManyRequests)
    }
}
