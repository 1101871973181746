import Core
import SeededRandom
import Testing
import Wire

@testable import Realtime

@Suite struct CommandTests {
    private let venue = "calendar:venue:1"

    private func watcher(_ stage: Stage) async throws -> Peer {
        try await stage.commit((1...10).map(String.init), to: venue)
        let peer = try await stage.connectedPeer()
        try await peer.send(.subscribe(SubscribeRequest(channel: venue)))
        _ = try await peer.take()
        return peer
    }

    @Test(
        arguments: [
            (limit: 0, since: nil, reverse: false, expected: []),
            (limit: 3, since: nil, reverse: false, expected: [1, 2, 3]),
            (limit: -1, since: nil, reverse: false, expected: Array(1...5)),
            (limit: 1_000, since: 2, reverse: false, expected: Array(3...7)),
            (limit: 2, since: 8, reverse: false, expected: [9, 10]),
            (limit: 3, since: nil, reverse: true, expected: [10, 9, 8]),
            (limit: 3, since: 4, reverse: true, expected: [3, 2, 1]),
            (limit: 3, since: 99, reverse: false, expected: []),
        ] as [(limit: Int, since: UInt64?, reverse: Bool, expected: [UInt64])])
    func `history gives what was asked for, within the limit`(limit: Int, since: UInt64?, reverse: Bool, expected: [UInt64]) async throws {
        var settings = HubSettings()
        settings.historyEventsMax = 5
        let stage = Stage(settings)
        let peer = try await watcher(stage)
        let position = since.map { StreamPosition(epoch: "e1", offset: $0) }
        try await peer.send(.history(HistoryRequest(channel: venue, limit: limit, since: position, reverse: reverse)))
        let publications = expected.map { Publication(data: RawJSON("\($0)"), offset: $0) }
        #expect(try await peer.replies() == [.history(HistoryResult(publications: publications, epoch: "e1", offset: 10))])
    }

    @Test func `history is for subscribers, of this life of the log, and sensible`() async throws {
        let stage = Stage()
        let peer = try await watcher(stage)
        let foreign = StreamPosition(epoch: "other", offset: 1)
        try await peer.send(.history(HistoryRequest(channel: "calendar:venue:2", limit: 1)))
        #expect(try await peer.replies() == [.error(.permissionDenied)])
        try await peer.send(.history(HistoryRequest(channel: venue, limit: 1, since: foreign)))
        #expect(try await peer.replies() == [.error(.unrecoverablePosition)])
        try await peer.send(.history(HistoryRequest(channel: venue, limit: -2)))
        #expect(try await peer.replies() == [.error(.badRequest)])
        stage.log.setBroken(true)
        try await peer.send(.history(HistoryRequest(channel: venue, limit: 1)))
        #expect(try await peer.replies() == [.error(.internalError)])
    }

    @Test func `history in the same frame as the subscription waits for it`() async throws {
        let stage = Stage()
        try await stage.commit(["1"], to: venue)
        let peer = try await stage.connectedPeer()
        try await peer.send(.subscribe(SubscribeRequest(channel: venue)), .history(HistoryRequest(channel: venue, limit: 1)))
        guard case .history(let result) = try await peer.replies().last else { return #expect(Bool(false)) }
        #expect(result.publications.map(\.offset) == [1])
    }

    @Test func `reads of a log by one connection are bounded`() async throws {
        let stage = Stage()
        let peer = try await watcher(stage)
        let history = Command.Request.history(HistoryRequest(channel: venue, limit: 1))
        try await peer.send(history, history, history, history, history)
        #expect(try await peer.replies().count { $0 == .error(.tooManyRequests) } == 1)
        try await peer.send(history)
        guard case .history = try await peer.replies().first else { return #expect(Bool(false)) }
    }

    @Test(
        arguments: [
            (.publish(PublishRequest(channel: "calendar:venue:1", data: RawJSON("1"))), .permissionDenied),
            (.publish(PublishRequest(channel: "calendar:venue:1", data: nil)), .badRequest),
            (.publish(PublishRequest(channel: "", data: RawJSON("1"))), .badRequest),
            (.presence(PresenceRequest(channel: "calendar:venue:1")), .permissionDenied),
            (.presenceStats(PresenceStatsRequest(channel: "calendar:venue:1")), .permissionDenied),
            (.history(HistoryRequest(channel: "calendar:venue:1")), .permissionDenied),
            (.subRefresh(SubRefreshRequest(channel: "calendar:venue:1", token: "t")), .permissionDenied), (.ping, .notAvailable),
            (.rpc(RPCRequest(method: "gym.reservations.create")), .methodNotFound), (.refresh(RefreshRequest(token: "")), .badRequest),
        ] as [(Command.Request, ProtocolError)])
    func `what is not offered is answered with its error`(request: Command.Request, error: ProtocolError) async throws {
        let peer = try await Stage().connectedPeer()
        try await peer.send(request)
        #expect(try await peer.replies() == [.error(error)])
        #expect(try await peer.closed() == nil)
    }

    @Test(
        arguments: [
            (.send(SendRequest(data: RawJSON("1"))), .notAvailable), (.pong, .badRequest),
            // The server prolongs it by itself.
            (.subRefresh(SubRefreshRequest(channel: "personal:#1", token: "t")), .badRequest),
        ] as [(Command.Request, Disconnect)])
    func `what no client of ours does closes the connection`(request: Command.Request, reason: Disconnect) async throws {
        let peer = try await Stage().connectedPeer()
        try await peer.send(request)
        #expect(try await peer.closed() == reason)
    }

    @Test func `commands beyond the rate close the connection, and a pause gives new ones`() async throws {
        var settings = HubSettings()
        settings.commandsPerSecond = 2
        settings.commandsBurst = 4
        let stage = Stage(settings)
        let peer = try await stage.connectedPeer()
        let harmless = Command.Request.unsubscribe(UnsubscribeRequest(channel: "x"))
        try await peer.send(harmless, harmless, harmless)
        try await stage.advance(bySeconds: 1)
        try await peer.send(harmless, harmless)
        #expect(try await peer.closed() == nil)
        try await peer.send(harmless)
        #expect(try await peer.closed() == .tooManyRequests)
    }

    @Test func `many answers are spread over several frames`() async throws {
        let stage = Stage()
        let peer = try await stage.connectedPeer()
        let frames = try await peer.frames().count
        let commands = (1...40).map { Command(id: $0, request: .unsubscribe(UnsubscribeRequest(channel: "x"))) }
        try await peer.send(frame: JSONClientCodec().encode(commands))
        #expect(try await peer.frames().count == frames + 3)
        #expect(try await peer.replies().count == 40)
    }

    @Test func `hostile frames close the connection and nothing else`() async throws {
        let stage = Stage()
        var random = SplitMix64(seed: 7)
        let valid = Array(#"{"id":2,"subscribe":{"channel":"calendar:venue:1","recover":true,"epoch":"e1","offset":1}}"#.utf8)
        for _ in 0..<300 {
            let peer = try await stage.connectedPeer()
            var frame = valid
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                frame[Int.random(in: 0..<frame.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            try await peer.send(frame: frame)
            let closed = try await peer.closed()
            #expect(closed == nil || closed == .badRequest || closed == .notAvailable)
            try await peer.hangUp()
        }
        #expect(stage.hub.connectionCount == 0)
    }
}
