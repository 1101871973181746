import Testing
import Wire

@testable import Realtime

/// A connection that resumes many channels at once.
@Suite struct RecoveryQueueTests {
    private static let channels = (0..<6).map { "log:\($0)" }
    private static let event = "\"" + String(repeating: "x", count: 40_000) + "\""
    private static let missed = 10

    private static func subscriptions() -> [Command.Request] {
        channels.map { .subscribe(SubscribeRequest(channel: $0, recover: true, epoch: "e1")) }
    }

    private func stage() async throws -> Stage {
        let stage = Stage(TestAccess.Rules())
        for channel in Self.channels { try await stage.commit(Array(repeating: Self.event, count: Self.missed), to: channel) }
        return stage
    }

    private func resume(_ peer: Peer) async throws {
        let commands = Self.subscriptions().enumerated().map { Command(id: UInt32($0 + 1), request: $1) }
        try await peer.send(frame: JSONClientCodec().encode(commands))
    }

    @Test func `a peer that reads gets all of it at once`() async throws {
        let peer = try await stage().connectedPeer(token: "ana")
        try await resume(peer)
        let results = try await peer.replies()
        #expect(results.count == Self.channels.count)
    }

    @Test(arguments: [false, true])
    func `what a slow peer has missed never fills its queue, and all of it comes`(isKnown: Bool) async throws {
        let stage = try await stage()
        // With somebody else there the answers need no log and come at once.
        if isKnown { try await resume(try await stage.connectedPeer(token: "ben")) }
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.getStuck()
        try await resume(peer)
        var recovered: [Int] = []
        for _ in Self.channels {
            for reply in try await peer.replies() {
                guard case .subscribe(let result) = reply else { continue }
                #expect(result.recovered)
                recovered.append(result.publications.count)
            }
            #expect(try await peer.readQueue() < 1_000_000)
            try await stage.advance(bySeconds: 1)
        }
        #expect(recovered == Array(repeating: Self.missed, count: Self.channels.count))
    }

    @Test func `who does not resume does not wait for those who do`() async throws {
        let stage = try await stage()
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.setQueuedBytes(300_000)
        try await peer.send(
            .subscribe(SubscribeRequest(channel: "log:1", recover: true, epoch: "e1")), .subscribe(SubscribeRequest(channel: "log:2")),
            .unsubscribe(UnsubscribeRequest(channel: "log:2"))
        )
        #expect(try await peer.replies().count == 2)
        try await peer.setQueuedBytes(0)
        try await stage.advance(bySeconds: 1)
        #expect(try await peer.replies().count == 1)
    }

    @Test func `a connection that ends while it waits leaves nothing behind`() async throws {
        let stage = try await stage()
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.setQueuedBytes(300_000)
        try await resume(peer)
        try await peer.hangUp()
        try await stage.advance(bySeconds: 1)
        #expect(try await stage.onShard { $0.currentFigures.subscriptions } == 0)
    }
}
