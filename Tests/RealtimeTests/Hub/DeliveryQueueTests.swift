import Testing
import Wire

@testable import Realtime

@Suite struct DeliveryQueueTests {
    private let hot = "calendar:venue:1"
    private let other = "calendar:venue:2"

    private func settings(perTurn: Int) -> HubSettings {
        var settings = HubSettings()
        settings.deliveriesPerTurnMax = perTurn
        settings.connectionsPerUserMax = 1_000
        return settings
    }

    private func peers(_ count: Int, on channels: [String], _ stage: Stage) async throws -> [Peer] {
        var peers: [Peer] = []
        for _ in 0..<count {
            let peer = try await stage.connectedPeer()
            for channel in channels { try await peer.send(.subscribe(SubscribeRequest(channel: channel))) }
            _ = try await peer.take()
            peers.append(peer)
        }
        return peers
    }

    @Test func `what comes while a large audience is served leaves in one write in the next round`() async throws {
        let stage = Stage(settings(perTurn: 4))
        let peers = try await peers(10, on: [hot], stage)
        let before = try await peers[0].frames().count
        stage.relay.committed([stage.log.append("1", to: hot)])
        await stage.loop.run()
        stage.relay.committed((2...9).map { stage.log.append("\($0)", to: hot) })
        try await stage.settle()
        for peer in peers {
            #expect(try await peer.publications() == Array(1...9))
            #expect(try await peer.frames().count == before + 2)
        }
    }

    @Test func `a large audience does not keep a small one waiting`() async throws {
        let stage = Stage(settings(perTurn: 4))
        let crowd = try await peers(20, on: [hot], stage)
        let few = try await peers(1, on: [other], stage)
        stage.relay.committed([stage.log.append("1", to: hot), stage.log.append("1", to: other)])
        // The crowd takes five turns, the one other watcher is served in the second.
        await stage.loop.run()
        await stage.loop.advanceTime(by: .microseconds(20))
        #expect(try await few[0].publications() == [1])
        #expect(try await stage.onShard { $0.isContinuing })
        try await stage.settle()
        for peer in crowd { #expect(try await peer.publications() == [1]) }
    }

    @Test func `a turn that has lasted long enough leaves the rest to the next, whatever it has served`() async throws {
        var settings = settings(perTurn: 1_000)
        settings.turnMicrosecondsMax = 0
        let stage = Stage(settings)
        let crowd = try await peers(150, on: [hot], stage)
        stage.relay.committed([stage.log.append("1", to: hot)])
        await stage.loop.run()
        // The clock is not read at every write.
        var served = 0
        for peer in crowd where try await peer.publications() == [1] { served += 1 }
        #expect((1...100).contains(served))
        #expect(try await stage.onShard { $0.isContinuing })
        try await stage.settle()
        for peer in crowd { served += try await peer.publications().count }
        #expect(served == 150)
    }

    @Test func `a turn has a length also where the events of several channels leave together`() async throws {
        var settings = settings(perTurn: 1_000)
        settings.turnMicrosecondsMax = 0
        let stage = Stage(settings)
        let crowd = try await peers(150, on: [hot, other], stage)
        var before: [Int] = []
        for peer in crowd { before.append(try await peer.flushes()) }
        stage.relay.committed([stage.log.append("1", to: hot), stage.log.append("1", to: other)])
        await stage.loop.run()
        var written = 0
        for (peer, count) in zip(crowd, before) where try await peer.flushes() > count { written += 1 }
        #expect((1...100).contains(written))
        #expect(try await stage.onShard { $0.isContinuing })
        try await stage.settle()
        for (peer, count) in zip(crowd, before) {
            #expect(try await peer.publications() == [1, 1])
            #expect(try await peer.flushes() > count)
        }
    }

    @Test func `events of several channels for one connection leave in one flush`() async throws {
        let stage = Stage()
        let peer = try await peers(1, on: [hot, other], stage)[0]
        let before = try await peer.flushes()
        stage.relay.committed([stage.log.append("1", to: hot), stage.log.append("1", to: other), stage.log.append("2", to: hot)])
        try await stage.settle()
        #expect(try await peer.publications() == [1, 2, 1])
        #expect(try await peer.flushes() == before + 1)
    }
}
