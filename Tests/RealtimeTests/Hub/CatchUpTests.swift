import Testing
import Wire

@testable import Realtime

/// Subscriptions that begin further behind than an answer holds.
@Suite struct CatchUpTests {
    private static let channel = "calendar:venue:1"
    private static let missed: UInt64 = 2_500

    private func stage(_ events: UInt64 = missed, data: (UInt64) -> String = { "\($0)" }) -> Stage {
        let stage = Stage()
        for number in stride(from: 1, through: events, by: 1) { _ = stage.log.append(data(number), to: Self.channel) }
        return stage
    }

    private func resume(_ peer: Peer, since offset: UInt64 = 0) async throws -> SubscribeResult {
        try await peer.send(.subscribe(SubscribeRequest(channel: Self.channel, recover: true, epoch: "e1", offset: offset)))
        guard case .subscribe(let result) = try await peer.take().first.flatMap(\.reply) else { throw CancellationError() }
        return result
    }

    /// Lets the loop go on until nothing more comes.
    private func rest(of peer: Peer, _ stage: Stage) async throws -> [UInt64] {
        var offsets: [UInt64] = []
        while true {
            await stage.loop.advanceTime(by: .milliseconds(50))
            try await stage.settle()
            let more = try await peer.publications()
            guard !more.isEmpty else { return offsets }
            offsets += more
        }
    }

    @Test func `who missed a lot is answered at once, told all of it in order, and then is live`() async throws {
        let stage = stage()
        let peer = try await stage.connectedPeer()
        let frames = JSONClientCodec().encode([
            Command(id: 1, request: .subscribe(SubscribeRequest(channel: Self.channel, recover: true, epoch: "e1", offset: 0)))
        ])
        try await peer.send(frame: frames)
        var messages = try await peer.take()
        let reply = messages.removeFirst()
        guard case .subscribe(let result) = reply.reply else { return #expect(Bool(false)) }
        #expect(result.recovered && result.wasRecovering && result.publications.isEmpty)
        #expect(result.offset == 0 && result.epoch == "e1")
        // Meanwhile the channel goes on.
        try await stage.commit(["2501", "2502"], to: Self.channel)
        let offsets = messages.compactMap(\.offset) + (try await peer.publications()) + (try await rest(of: peer, stage))
        #expect(offsets == Array(1...2_502))
        try await stage.commit(["2503"], to: Self.channel)
        #expect(try await peer.publications() == [2_503])
    }

    @Test func `a client that does not read is told no more than may wait for it`() async throws {
        let stage = stage()
        let peer = try await stage.connectedPeer()
        try await peer.setQueuedBytes(HubSettings().recoveryQueueBytesMax - 1)
        let result = try await resume(peer, since: 100)
        #expect(result.recovered && result.offset == 100)
        #expect(try await rest(of: peer, stage) == [])
        try await peer.setQueuedBytes(0)
        // The longer it has not read, the later it is looked at again.
        await stage.loop.advanceTime(by: .milliseconds(100))
        #expect(try await rest(of: peer, stage) == Array(101...Self.missed))
    }

    @Test func `who leaves in between hears nothing more`() async throws {
        let stage = stage()
        let peer = try await stage.connectedPeer()
        try await peer.setQueuedBytes(HubSettings().recoveryQueueBytesMax - 1)
        _ = try await resume(peer)
        try await peer.send(.unsubscribe(UnsubscribeRequest(channel: Self.channel)))
        try await peer.setQueuedBytes(0)
        _ = try await peer.take()
        #expect(try await rest(of: peer, stage) == [])
        try await stage.commit(["more"], to: Self.channel)
        #expect(try await peer.publications() == [])
        // The channel is forgotten like every other that nobody watches.
        try await stage.advance(bySeconds: HubSettings().lingerSeconds + 1)
        #expect(try await stage.onShard { $0.channels[Self.channel] == nil })
    }

    @Test func `a log that begins another life meanwhile ends the subscription`() async throws {
        let stage = stage()
        let peer = try await stage.connectedPeer()
        try await peer.setQueuedBytes(HubSettings().recoveryQueueBytesMax - 1)
        _ = try await resume(peer)
        stage.log.restore(epoch: "e2")
        try await stage.commit(["1"], to: Self.channel)
        try await peer.setQueuedBytes(0)
        await stage.loop.advanceTime(by: .seconds(1))
        try await stage.settle()
        var pushes: [Push] = []
        while true {
            await stage.loop.advanceTime(by: .milliseconds(50))
            try await stage.settle()
            let more = try await peer.pushes()
            guard !more.isEmpty else { break }
            pushes += more
        }
        #expect(pushes.last == Push(channel: Self.channel, body: .unsubscribe(.insufficientState)))
        #expect(pushes.count == Int(Self.missed) + 1)
    }

    /// As texts in JSON their quotes are two bytes each.
    @Test func `publications that grow as differences are told one by one`() async throws {
        var options = ChannelOptions.log
        options.allowsDelta = true
        var rules = TestAccess.Rules()
        rules.grants["scores"] = ChannelGrant(options: options)
        let stage = Stage(rules)
        let texts = (1...2).map { number in "\"\(number)" + String(repeating: "\\\"", count: 150_000) + "\"" }
        for text in texts { _ = stage.log.append(text, to: "scores") }
        let peer = try await stage.connectedPeer(token: "ana")
        try await peer.send(.subscribe(SubscribeRequest(channel: "scores", recover: true, epoch: "e1", offset: 0, delta: "fossil")))
        var decoder = DeltaDecoder(for: JSONClientCodec())
        var told: [String] = []
        while told.count < texts.count {
            await stage.loop.advanceTime(by: .milliseconds(50))
            try await stage.settle()
            for message in try await peer.take() {
                if case .subscribe(let result) = message.reply { #expect(result.recovered && result.publications.isEmpty) }
                guard case .push(let push) = message, case .publication(let publication) = push.body else { continue }
                told.append(try decoder.decode(publication).data.text)
            }
        }
        #expect(told == texts)
    }

    @Test func `nothing is pushed on a channel of the server's choice before the connection stands`() async throws {
        var rules = TestAccess.Rules()
        rules.connected = ["warm": ChannelGrant(options: .log), "cold": ChannelGrant(options: .log)]
        let stage = Stage(rules)
        try await stage.commit(["1"], to: "warm")
        let other = try await stage.connectedPeer(token: "ben")
        try await other.send(.unsubscribe(UnsubscribeRequest(channel: "cold")))
        try await stage.advance(bySeconds: HubSettings().lingerSeconds + 1)

        // The first channel is joined at once; while the other one's log is read, something is published on it.
        stage.log.afterNextRead { [stage] in stage.relay.committed([stage.log.append("2", to: "warm")]) }
        let peer = try await stage.peer()
        try await peer.send(.connect(ConnectRequest(token: "ana")))
        await stage.loop.advanceTime(by: .milliseconds(50))
        try await stage.settle()
        let messages = try await peer.take()
        guard case .connect(let result) = messages.first?.reply else { return #expect(Bool(false), "\(messages)") }
        #expect(result.subs["warm"]?.offset == 1)
        #expect(messages.compactMap(\.offset) == [2])
        try await stage.commit(["3"], to: "warm")
        #expect(try await peer.publications() == [3])
    }
}

extension ServerMessage {
    fileprivate var reply: Reply.Body? {
        if case .reply(let reply) = self { reply.body } else { nil }
    }

    /// Of a publication.
    fileprivate var offset: UInt64? {
        if case .push(let push) = self, case .publication(let publication) = push.body { publication.offset } else { nil }
    }
}
