import Testing
import Wire

@testable import Realtime

/// Connections that begin with channels in which they missed a lot.
@Suite struct LargeConnectTests {
    private static let channels = ["a", "b", "c"]

    /// - Parameter bytes: of each publication.
    private func stage(missed count: Int, bytes: Int = 1, _ settings: HubSettings = HubSettings()) -> Stage {
        var rules = TestAccess.Rules()
        for channel in Self.channels { rules.connected[channel] = ChannelGrant(options: .log) }
        let stage = Stage(settings, rules)
        let data = "\"" + String(repeating: "x", count: bytes) + "\""
        for channel in Self.channels { for _ in 0..<count { _ = stage.log.append(data, to: channel) } }
        return stage
    }

    private static func keptBytes(_ catchUp: CatchUp) -> Int { catchUp.missed.reduce(0) { $0 + $1.retainedBytes } }

    private func connect(_ stage: Stage) async throws -> Peer {
        let peer = try await stage.peer()
        let known = SubscribeRequest(recover: true, epoch: "e1", offset: 0)
        let subs = Dictionary(uniqueKeysWithValues: Self.channels.map { ($0, known) })
        try await peer.send(.connect(ConnectRequest(token: "ana", subs: subs)))
        return peer
    }

    /// What a client has of each channel once nothing more comes: from the connect result, and from the pushes after it.
    private func offsets(_ peer: Peer, _ stage: Stage) async throws -> [String: [UInt64]] {
        var offsets: [String: [UInt64]] = [:]
        while true {
            let messages = try await peer.take()
            for message in messages {
                switch message {
                case .reply(let reply):
                    guard case .connect(let result) = reply.body else { continue }
                    #expect(Set(result.subs.keys) == Set(Self.channels))
                    for (channel, result) in result.subs {
                        #expect(result.recovered && result.offset == 0)
                        offsets[channel, default: []] += result.publications.map(\.offset)
                    }
                case .push(let push):
                    #expect(!offsets.isEmpty)
                    if case .publication(let publication) = push.body { offsets[push.channel, default: []].append(publication.offset) }
                case .ping: break
                }
            }
            guard !messages.isEmpty else { return offsets }
            await stage.loop.advanceTime(by: .milliseconds(50))
            try await stage.settle()
        }
    }

    @Test func `a connection begins, however much it missed in several channels, and is told all of it`() async throws {
        let stage = stage(missed: 2_500)
        let peer = try await connect(stage)
        let told = try await offsets(peer, stage)
        for channel in Self.channels {
            #expect(told[channel] == Array(1...2_500))
            try await stage.commit(["1"], to: channel)
        }
        #expect(try await peer.publications() == [2_501, 2_501, 2_501])
        #expect(try await peer.closed() == nil)
    }

    @Test func `what comes with the connect result fits into one answer, all channels together`() async throws {
        let stage = stage(missed: 4, bytes: 100_000)
        let peer = try await connect(stage)
        let frame = try #require(try await peer.frames().first { $0.contains("\"connect\"") })
        #expect(frame.utf8.count < HubSettings().queueBytesMax)
        #expect(frame.utf8.count > 400_000)
        let told = try await offsets(peer, stage)
        for channel in Self.channels { #expect(told[channel] == [1, 2, 3, 4]) }
    }

    @Test func `of what a slow client missed no more than a queue is kept`() async throws {
        let stage = stage(missed: 30, bytes: 100_000)
        let peer = try await stage.connectedPeer(token: "ben")
        try await peer.send(.unsubscribe(UnsubscribeRequest(channel: "a")))
        try await peer.setQueuedBytes(HubSettings().recoveryQueueBytesMax - 1)
        try await peer.send(.subscribe(SubscribeRequest(channel: "a", recover: true, epoch: "e1", offset: 0)))
        await stage.loop.advanceTime(by: .milliseconds(50))
        _ = try await peer.take()
        let kept = try await stage.onShard { shard in
            shard.channels["a"]?.waiting.values.compactMap(\.catchUp).reduce(0) { $0 + Self.keptBytes($1) } ?? 0
        }
        #expect(kept <= HubSettings().queueBytesMax)
        try await peer.drain()
        var offsets: [UInt64] = []
        for _ in 0..<100 {
            await stage.loop.advanceTime(by: .milliseconds(100))
            try await stage.settle()
            offsets += try await peer.publications()
        }
        #expect(offsets == Array(1...30))
    }

    @Test func `who does not read what was missed in several channels has a part of one of them kept`() async throws {
        let stage = stage(missed: 30, bytes: 100_000)
        let peer = try await stage.peer()
        try await peer.setQueuedBytes(HubSettings().recoveryQueueBytesMax)
        let known = SubscribeRequest(recover: true, epoch: "e1", offset: 0)
        let subs = Dictionary(uniqueKeysWithValues: Self.channels.map { ($0, known) })
        try await peer.send(.connect(ConnectRequest(token: "ana", subs: subs)))
        // Recovering waits for room, which comes and goes again.
        try await peer.setQueuedBytes(0)
        await stage.loop.advanceTime(by: .milliseconds(50))
        try await peer.setQueuedBytes(HubSettings().recoveryQueueBytesMax - 1)
        for _ in 0..<20 {
            await stage.loop.advanceTime(by: .milliseconds(50))
            try await stage.settle()
            let kept = try await stage.onShard { shard in
                shard.channels.all.flatMap(\.waiting.values).compactMap(\.catchUp).map(Self.keptBytes).filter { $0 > 0 }
            }
            #expect(kept.count <= 1 && kept.reduce(0, +) <= HubSettings().queueBytesMax)
        }
        try await peer.drain()
        var told: [String: [UInt64]] = [:]
        for _ in 0..<30 {
            await stage.loop.advanceTime(by: .milliseconds(100))
            try await stage.settle()
            for push in try await peer.pushes() {
                if case .publication(let publication) = push.body { told[push.channel, default: []].append(publication.offset) }
            }
        }
        for channel in Self.channels { #expect(told[channel] == Array(1...30)) }
    }

    @Test func `a channel that is taken from a connection that begins does not keep it from beginning when its log fails`() async throws {
        let stage = stage(missed: 1)
        stage.log.failNextRead { [stage] in
            for channel in Self.channels { stage.hub.pass(HubOrder(.unsubscribe(HubTarget(user: "ana"), channel: channel))) }
        }
        let peer = try await stage.peer()
        try await peer.send(.connect(ConnectRequest(token: "ana")))
        guard case .connect(let result) = try await peer.replies().first else { return #expect(Bool(false)) }
        #expect(result.subs.isEmpty)
    }

    @Test func `a channel that has begun lives although another one was taken and its log failed`() async throws {
        let stage = stage(missed: 1)
        // b and c are warm and joined at once, a is read first.
        let other = try await stage.connectedPeer(token: "ben")
        try await other.send(.unsubscribe(UnsubscribeRequest(channel: "a")))
        try await stage.advance(bySeconds: HubSettings().lingerSeconds + 1)
        stage.log.failNextRead { [stage] in stage.hub.pass(HubOrder(.unsubscribe(HubTarget(user: "ana"), channel: "a"))) }
        let peer = try await stage.peer()
        try await peer.send(.connect(ConnectRequest(token: "ana")))
        guard case .connect(let result) = try await peer.replies().first else { return #expect(Bool(false)) }
        #expect(Set(result.subs.keys) == ["b", "c"])
        for channel in ["b", "c"] { try await stage.commit(["2"], to: channel) }
        #expect(try await peer.pushes().map(\.channel) == ["b", "c"])
    }

    private static func publish(duringReads count: Int, _ stage: Stage) {
        guard count > 0 else { return }
        stage.log.afterNextRead {
            stage.relay.committed([stage.log.append("1", to: "a")])
            publish(duringReads: count - 1, stage)
        }
    }

    @Test func `a channel where something happens during each read is caught up with all the same`() async throws {
        let stage = stage(missed: 2_500)
        Self.publish(duringReads: 200, stage)
        let peer = try await connect(stage)
        let told = try await offsets(peer, stage)
        let offsets = try #require(told["a"])
        #expect(offsets == Array(1...UInt64(offsets.count)) && offsets.count > 2_500)
        #expect(stage.log.reads < 150)
        #expect(try await stage.onShard { shard in shard.channels.all.allSatisfy(\.waiting.isEmpty) })
    }

    @Test func `a channel that has begun with a connection that has not may still be taken from it`() async throws {
        let stage = stage(missed: 1)
        // One channel is warm and joined at once, the others are read first.
        let other = try await stage.connectedPeer(token: "ben")
        for channel in ["b", "c"] { try await other.send(.unsubscribe(UnsubscribeRequest(channel: channel))) }
        try await stage.advance(bySeconds: HubSettings().lingerSeconds + 1)
        stage.log.afterNextRead { [stage] in stage.hub.pass(HubOrder(.unsubscribe(HubTarget(user: "ana"), channel: "a"))) }
        let peer = try await stage.peer()
        try await peer.send(.connect(ConnectRequest(token: "ana")))
        let messages = try await peer.take()
        guard messages.count == 1, case .reply(let reply) = messages[0], case .connect(let result) = reply.body else {
            return #expect(Bool(false), "\(messages)")
        }
        #expect(Set(result.subs.keys) == ["b", "c"])
        try await stage.commit(["2"], to: "a")
        #expect(try await peer.take().isEmpty)
    }

    @Test func `a channel that the server takes and gives again before it has begun begins where the server says`() async throws {
        let stage = stage(missed: 3)
        let user = HubTarget(user: "ana")
        let since = StreamPosition(epoch: "e1", offset: 1)
        stage.log.afterNextRead { [stage] in
            stage.hub.pass(HubOrder(.unsubscribe(user, channel: "a")))
            stage.hub.pass(HubOrder(.subscribe(user, channel: "a", ChannelGrant(options: .log), since: since)))
        }
        let peer = try await stage.peer()
        try await peer.send(.connect(ConnectRequest(token: "ana")))
        guard case .connect(let result) = try await peer.replies().first else { return #expect(Bool(false)) }
        #expect(Set(result.subs.keys) == Set(Self.channels))
        #expect(result.subs["a"]?.publications.map(\.offset) == [2, 3])
        try await stage.commit(["4"], to: "a")
        #expect(try await peer.publications() == [4])
    }

    @Test func `a channel that is given again in place of one whose log failed begins, whatever else recovers`() async throws {
        let stage = stage(missed: 3)
        let peer = try await stage.connectedPeer(token: "ana")
        let user = HubTarget(user: "ana")
        _ = stage.log.append("1", to: "own")
        let since = StreamPosition(epoch: "e1", offset: 0)
        stage.log.failNextRead { [stage] in
            stage.hub.pass(HubOrder(.unsubscribe(user, channel: "own")))
            stage.hub.pass(HubOrder(.subscribe(user, channel: "own", ChannelGrant(options: .log), since: since)))
        }
        try await peer.send(.subscribe(SubscribeRequest(channel: "own", recover: true, epoch: "e1", offset: 0)))
        #expect(try await peer.publications() == [1])
        try await stage.commit(["2"], to: "own")
        #expect(try await peer.publications() == [2])
    }

    @Test func `a channel that is taken and given again while a connection begins goes on where the client stopped`() async throws {
        let stage = stage(missed: 3)
        let user = HubTarget(user: "ana")
        stage.log.afterNextRead { [stage] in
            for channel in Self.channels {
                stage.hub.pass(HubOrder(.unsubscribe(user, channel: channel)))
                stage.hub.pass(HubOrder(.subscribe(user, channel: channel, ChannelGrant(options: .log), since: nil)))
            }
        }
        let peer = try await connect(stage)
        let told = try await offsets(peer, stage)
        for channel in Self.channels { #expect(told[channel] == [1, 2, 3]) }
    }

    @Test func `a client's subscription that the server takes and gives again is told in order`() async throws {
        let stage = stage(missed: 1)
        let peer = try await stage.connectedPeer(token: "ana")
        let user = HubTarget(user: "ana")
        stage.log.afterNextRead { [stage] in
            stage.hub.pass(HubOrder(.unsubscribe(user, channel: "own")))
            stage.hub.pass(HubOrder(.subscribe(user, channel: "own", ChannelGrant(options: .log), since: nil)))
        }
        let history = HistoryRequest(channel: "own", limit: 1)
        try await peer.send(.subscribe(SubscribeRequest(channel: "own")), .history(history))
        let messages = try await peer.take()
        let told = messages.compactMap { message -> String? in
            switch message {
            case .reply(let reply):
                if case .subscribe = reply.body { return "answered" }
                if case .history = reply.body { return "history" }
                return nil
            case .push(let push):
                if case .unsubscribe = push.body { return "taken" }
                if case .subscribe = push.body { return "given" }
                return nil
            case .ping: return nil
            }
        }
        #expect(told == ["answered", "taken", "given", "history"])
        try await stage.commit(["1"], to: "own")
        #expect(try await peer.publications() == [1])
    }

    @Test func `what the server does to a connection that begins is not lost`() async throws {
        let stage = stage(missed: 1)
        // While the log is read for the connection's channels, one is taken from it, another is given, and its end is moved.
        let later = stage.time.now.advanced(bySeconds: 60)
        let orders: [HubOrder.Action] = [
            .unsubscribe(HubTarget(user: "ana"), channel: "a"),
            .subscribe(HubTarget(user: "ana"), channel: "d", ChannelGrant(options: .log), since: nil),
            .refresh(HubTarget(user: "ana"), expiresAt: later),
        ]
        stage.log.afterNextRead { [stage] in
            for order in orders { stage.hub.pass(HubOrder(order)) }
        }
        let peer = try await stage.peer()
        try await peer.send(.connect(ConnectRequest(token: "ana")))
        guard case .connect(let result) = try await peer.replies().first else { return #expect(Bool(false)) }
        #expect(Set(result.subs.keys) == ["b", "c", "d"])
        #expect(result.expires && result.ttl == 60)
        for channel in ["a", "b", "d"] { try await stage.commit(["1"], to: channel) }
        #expect(try await peer.pushes().map(\.channel) == ["b", "d"])
    }
}
