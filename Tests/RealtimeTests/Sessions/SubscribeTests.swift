import Core
import Testing
import Wire

@testable import Realtime

@Suite struct SubscribeTests {
    private let venue = "calendar:venue:1"

    private func subscribe(_ channel: String) -> Command.Request { .subscribe(SubscribeRequest(channel: channel)) }

    private func recover(_ offset: UInt64, epoch: String = "e1", flag: UInt64 = 0) -> Command.Request {
        .subscribe(SubscribeRequest(channel: venue, recover: true, epoch: epoch, offset: offset, flag: flag))
    }

    @Test func `a new subscription begins at the top`() async throws {
        let stage = Stage()
        try await stage.commit(["1", "2"], to: venue)
        let peer = try await stage.connectedPeer()
        try await peer.send(subscribe(venue))
        #expect(try await peer.replies() == [.subscribe(SubscribeResult(recoverable: true, epoch: "e1", offset: 2, positioned: true))])
        try await stage.commit(["3"], to: venue)
        #expect(try await peer.publications() == [3])
    }

    @Test func `a resumed subscription gets what it missed, then what is new`() async throws {
        let stage = Stage()
        try await stage.commit(["1", "2", "3"], to: venue)
        let peer = try await stage.connectedPeer()
        try await peer.send(recover(1))
        let expected = SubscribeResult(
            recoverable: true, epoch: "e1", publications: [2, 3].map { Publication(data: RawJSON("\($0)"), offset: $0) }, recovered: true,
            offset: 1, positioned: true, wasRecovering: true
        )
        #expect(try await peer.replies() == [.subscribe(expected)])
        try await stage.commit(["4"], to: venue)
        #expect(try await peer.publications() == [4])
    }

    @Test(arguments: [(1, "other"), (0, "_"), (99, "e1")] as [(UInt64, String)])
    func `a position that is not recoverable is told, with the top`(offset: UInt64, epoch: String) async throws {
        let stage = Stage()
        try await stage.commit(["1", "2"], to: venue)
        let peer = try await stage.connectedPeer()
        try await peer.send(recover(offset, epoch: epoch))
        let expected = SubscribeResult(recoverable: true, epoch: "e1", offset: 2, positioned: true, wasRecovering: true)
        #expect(try await peer.replies() == [.subscribe(expected)])
    }

    @Test func `a client that will have all or nothing gets an error and no subscription`() async throws {
        let stage = Stage()
        try await stage.commit(["1", "2"], to: venue)
        let peer = try await stage.connectedPeer()
        try await peer.send(recover(1, epoch: "other", flag: 3))
        #expect(try await peer.replies() == [.error(.unrecoverablePosition)])
        try await stage.commit(["3"], to: venue)
        #expect(try await peer.take().isEmpty)
        try await peer.send(recover(2, flag: 3))
        guard case .subscribe(let result) = try await peer.replies().first else { return #expect(Bool(false)) }
        #expect(result.recovered)
    }

    @Test(
        arguments: [
            ("calendar:venue:13", .permissionDenied), ("calendar:venue:0", .unknownChannel), ("calendar:venue:-1", .unknownChannel),
            ("calendar:venue:01", .unknownChannel), ("calendar:venue:+1", .unknownChannel), ("calendar:venue:1 ", .unknownChannel),
            ("calendar:venue:9007199254740992", .unknownChannel), ("calendar:venue:", .unknownChannel),
            ("calendar:room:1", .unknownChannel),
            ("chat:7", .unknownChannel), ("system:revocations", .unknownChannel), ("calendar", .unknownChannel), ("", .badRequest),
            ("personal:#1", .alreadySubscribed), ("personal:#2", .permissionDenied), (String(repeating: "x", count: 256), .badRequest),
            (String(repeating: "x", count: 255), .unknownChannel), ("calendar:venue:٣", .unknownChannel),
        ] as [(String, ProtocolError)])
    func `a channel that is not to be had is refused for its reason`(channel: String, error: ProtocolError) async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        try await peer.send(subscribe(channel))
        #expect(try await peer.replies() == [.error(error)])
        #expect(try await peer.closed() == nil)
    }

    @Test func `a rule that fails is an internal error`() async throws {
        let stage = Stage { _, _ in throw AccessError.forbidden }
        let peer = try await stage.connectedPeer()
        try await peer.send(subscribe(venue))
        #expect(try await peer.replies() == [.error(.internalError)])
    }

    @Test func `a second subscription to the same channel is refused, even in the same frame`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        try await peer.send(subscribe(venue), subscribe(venue))
        let replies = try await peer.replies()
        guard replies.count == 2, case .subscribe = replies[0] else { return #expect(Bool(false)) }
        #expect(replies[1] == .error(.alreadySubscribed))
    }

    @Test func `channels of one connection are bounded`() async throws {
        var settings = HubSettings()
        settings.channelsMax = 3
        let stage = Stage(settings)
        let peer = try await stage.connectedPeer()
        try await peer.send(subscribe("calendar:venue:1"), subscribe("calendar:venue:2"), subscribe("calendar:venue:3"))
        #expect(try await peer.replies().contains(.error(.limitExceeded)))
        try await peer.send(.unsubscribe(UnsubscribeRequest(channel: "calendar:venue:1")), subscribe("calendar:venue:3"))
        let replies = try await peer.replies()
        #expect(replies.first == .unsubscribe)
        guard case .subscribe = replies.last else { return #expect(Bool(false)) }
    }

    @Test func `subscribe, unsubscribe, subscribe in one breath leaves one subscription`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        let unsubscribe = Command.Request.unsubscribe(UnsubscribeRequest(channel: venue))
        try await peer.send(subscribe(venue), unsubscribe, subscribe(venue))
        let replies = try await peer.replies()
        guard replies.count == 3, case .subscribe = replies[0], case .subscribe = replies[2] else { return #expect(Bool(false)) }
        #expect(replies[1] == .unsubscribe)
        try await stage.commit(["1"], to: venue)
        #expect(try await peer.publications() == [1])
        try await peer.send(unsubscribe)
        try await stage.commit(["2"], to: venue)
        #expect(try await peer.publications().isEmpty)
    }

    @Test func `however often a client changes its mind in one breath, every command is answered in order`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        let unsubscribe = Command.Request.unsubscribe(UnsubscribeRequest(channel: venue))
        try await peer.send(subscribe(venue), unsubscribe, subscribe(venue), unsubscribe, subscribe(venue), unsubscribe)
        let ids = try await peer.take().map { if case .reply(let reply) = $0 { reply.id } else { UInt32(0) } }
        #expect(ids == [1, 2, 3, 4, 5, 6])
        try await stage.commit(["1"], to: venue)
        #expect(try await peer.take().isEmpty)
    }

    @Test func `subscribe, unsubscribe in one breath leaves none`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        try await peer.send(subscribe(venue), .unsubscribe(UnsubscribeRequest(channel: venue)))
        _ = try await peer.take()
        try await stage.commit(["1"], to: venue)
        #expect(try await peer.take().isEmpty)
    }

    @Test func `to leave a channel one is not in is no error`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        try await peer.send(.unsubscribe(UnsubscribeRequest(channel: "never:heard")))
        #expect(try await peer.replies() == [.unsubscribe])
    }

    @Test func `a connection that closes while it subscribes leaves nothing behind`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        try await peer.deliver(Array(#"{"id":2,"subscribe":{"channel":"\#(venue)"}}"#.utf8))
        try await peer.hangUp()
        try await stage.commit(["1"], to: venue)
        try await stage.advance(bySeconds: 31)
        #expect(try await stage.onShard { $0.channels.count } == 0)
        #expect(stage.hub.connectionCount == 0)
    }

    @Test func `a log that can't be read is a temporary error, and the next attempt may work`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        stage.log.setBroken(true)
        try await peer.send(subscribe(venue))
        #expect(try await peer.replies() == [.error(.internalError)])
        stage.log.setBroken(false)
        try await peer.send(subscribe(venue))
        guard case .subscribe = try await peer.replies().first else { return #expect(Bool(false)) }
    }

    @Test func `a thousand who come back at once cost the log one read`() async throws {
        var settings = HubSettings()
        settings.connectionsPerUserMax = 1_000
        let stage = Stage(settings)
        try await stage.commit((1...20).map(String.init), to: venue)
        var peers: [Peer] = []
        for _ in 0..<100 { peers.append(try await stage.connectedPeer()) }
        let reads = stage.log.reads
        let frame = JSONClientCodec().encode([Command(id: 5, request: recover(10))])
        for peer in peers { try await peer.deliver(frame) }
        try await stage.settle()
        #expect(stage.log.reads == reads + 1)
        for peer in peers {
            guard case .subscribe(let result) = try await peer.replies().first else { return #expect(Bool(false)) }
            #expect(result.publications.map(\.offset) == Array(11...20))
        }
    }
}
