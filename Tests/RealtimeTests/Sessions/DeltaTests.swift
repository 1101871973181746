import Testing
import Wire

@testable import Realtime

/// Publications as their differences from the one before (protocol A.10).
@Suite struct DeltaTests {
    private let channel = "scores"

    private static func options(_ base: ChannelOptions = .log) -> ChannelOptions {
        var options = base
        options.allowsDelta = true
        return options
    }

    private func stage(_ options: ChannelOptions = options()) -> Stage {
        var rules = TestAccess.Rules()
        rules.grants[channel] = ChannelGrant(options: options)
        return Stage(rules)
    }

    /// Texts in which one letter of several bytes changes at a time.
    private static let texts: [String] = (0..<24).map { number in
        let letters = Array("абвгдежзийклмнопрстуфхцчшщъыьэюя")
        let signs = ["🏋", "🏊", "🏀", "🎾"]
        return #"{"зал":"Большой зал \#(letters[number])\#(signs[number % 4])", "статус":"открыт для всех", "n":\#(number / 5)}"#
    }

    private func commit(_ stage: Stage, _ texts: some Sequence<String>) async throws {
        try await stage.commit(Array(texts), to: channel)
    }

    /// A client that rebuilds what it is sent.
    private final class Reader {
        let peer: Peer
        let result: SubscribeResult
        private var decoder = DeltaDecoder(for: JSONClientCodec())
        private(set) var texts: [String] = []
        /// Whether each came as a difference.
        private(set) var deltas: [Bool] = []

        init(_ peer: Peer, _ result: SubscribeResult) throws {
            self.peer = peer
            self.result = result
            for publication in result.publications { try take(publication) }
        }

        func read() async throws {
            for push in try await peer.pushes() {
                if case .publication(let publication) = push.body { try take(publication) }
            }
        }

        private func take(_ publication: Publication) throws {
            deltas.append(publication.delta)
            texts.append(try decoder.decode(publication).data.text)
        }
    }

    private func subscribe(_ peer: Peer, since: UInt64? = nil, delta: String = "fossil") async throws -> Reader {
        try await peer.send(
            .subscribe(SubscribeRequest(channel: channel, recover: since != nil, epoch: "e1", offset: since ?? 0, delta: delta))
        )
        guard case .subscribe(let result) = try await peer.replies().first else { throw CancellationError() }
        return try Reader(peer, result)
    }

    private func reader(_ stage: Stage, since: UInt64? = nil) async throws -> Reader {
        try await subscribe(try await stage.connectedPeer(token: "ana"), since: since)
    }

    @Test func `deltas are granted where the channel allows them, keeps a log and no filter is asked for`() async throws {
        func granted(_ options: ChannelOptions, delta: String = "fossil", filter: FilterNode? = nil) async throws -> Bool? {
            let peer = try await stage(options).connectedPeer(token: "ana")
            try await peer.send(.subscribe(SubscribeRequest(channel: channel, delta: delta, filter: filter)))
            guard case .subscribe(let result) = try await peer.replies().first else { return nil }
            return result.delta
        }
        #expect(try await granted(Self.options()) == true)
        #expect(try await granted(Self.options(.cache)) == true)
        #expect(try await granted(Self.options(), delta: "") == false)
        #expect(try await granted(Self.options(), delta: "other") == false)
        #expect(try await granted(Self.options(), filter: FilterNode(key: "a", cmp: "eq", val: "b")) == false)
        #expect(try await granted(Self.options(.live)) == false)
        #expect(try await granted(.log) == false)
    }

    @Test func `the first publication comes whole, what follows as differences, and others get what they always got`() async throws {
        let stage = stage()
        let reader = try await reader(stage)
        let plain = try await stage.connectedPeer(token: "ben")
        try await plain.send(.subscribe(SubscribeRequest(channel: channel)))
        _ = try await plain.take()
        // One by one, and several in one delivery.
        for text in Self.texts.prefix(8) { try await commit(stage, [text]) }
        try await commit(stage, Self.texts.dropFirst(8))
        try await reader.read()
        #expect(reader.texts == Self.texts)
        #expect(reader.deltas == [false] + Array(repeating: true, count: Self.texts.count - 1))
        let pushes = try await plain.pushes()
        #expect(pushes.map(\.body) == Self.texts.enumerated().map { .publication(Publication(data: RawJSON($1), offset: UInt64($0) + 1)) })
    }

    @Test func `whoever comes later begins with a whole one, the others go on with differences`() async throws {
        let stage = stage()
        let early = try await reader(stage)
        try await commit(stage, Self.texts.prefix(3))
        let late = try await reader(stage)
        try await commit(stage, Self.texts[3..<6])
        try await early.read()
        try await late.read()
        #expect(early.texts == Array(Self.texts.prefix(6)))
        #expect(early.deltas == [false, true, true, true, true, true])
        #expect(late.texts == Array(Self.texts[3..<6]))
        #expect(late.deltas == [false, true, true])
    }

    @Test func `of what was missed the first is whole, the rest and what follows are differences`() async throws {
        let stage = stage()
        try await commit(stage, Self.texts.prefix(4))
        let watcher = try await reader(stage)
        try await commit(stage, Self.texts[4..<8])
        let back = try await reader(stage, since: 5)
        #expect(back.result.recovered && back.result.offset == 5)
        try await commit(stage, Self.texts[8..<10])
        try await back.read()
        #expect(back.texts == Array(Self.texts[5..<10]))
        #expect(back.deltas == [false, true, true, true, true])
        try await watcher.read()
        #expect(watcher.texts == Array(Self.texts[4..<10]))
    }

    @Test func `who has missed nothing begins with a whole one all the same`() async throws {
        let stage = stage()
        let reader = try await reader(stage)
        try await commit(stage, Self.texts.prefix(3))
        let back = try await self.reader(stage, since: 3)
        #expect(back.result.recovered && back.result.publications.isEmpty)
        // And on the same connection.
        try await reader.read()
        try await reader.peer.send(.unsubscribe(UnsubscribeRequest(channel: channel)))
        _ = try await reader.peer.take()
        let again = try await subscribe(reader.peer, since: 3)
        try await commit(stage, Self.texts[3..<5])
        for reader in [back, again] {
            try await reader.read()
            #expect(reader.texts == Array(Self.texts[3..<5]))
            #expect(reader.deltas == [false, true])
        }
    }

    @Test func `a difference longer than the whole is not sent`() async throws {
        let stage = stage()
        let reader = try await reader(stage)
        try await commit(stage, ["1", "2", "3"])
        try await reader.read()
        #expect(reader.texts == ["1", "2", "3"])
        #expect(reader.deltas == [false, false, false])
    }

    @Test func `news of the moment are whole, and so is what follows them`() async throws {
        let stage = stage()
        let reader = try await reader(stage)
        try await commit(stage, Self.texts.prefix(2))
        stage.hub.publish(Publication(data: RawJSON(Self.texts[10])), to: channel)
        stage.relay.committed([stage.log.append(Self.texts[2], to: channel), stage.log.append(Self.texts[3], to: channel)])
        try await stage.settle()
        try await reader.read()
        #expect(reader.texts == [Self.texts[0], Self.texts[1], Self.texts[10], Self.texts[2], Self.texts[3]])
        #expect(reader.deltas == [false, true, false, false, true])
    }

    @Test func `who comes and goes is in nobody's way`() async throws {
        var options = Self.options(.chat)
        options.forcePushJoinLeave = true
        let stage = stage(options)
        let reader = try await reader(stage)
        try await commit(stage, Self.texts.prefix(2))
        let other = try await self.reader(stage)
        try await commit(stage, Self.texts[2..<4])
        try await reader.read()
        try await other.read()
        #expect(reader.texts == Array(Self.texts.prefix(4)))
        #expect(reader.deltas == [false, true, true, true])
        #expect(other.texts == Array(Self.texts[2..<4]))
        #expect(other.deltas == [false, true])
    }

    @Test func `a slow subscriber of a cache channel gets the latest whole`() async throws {
        let stage = stage(Self.options(.cache))
        try await commit(stage, Self.texts.prefix(1))
        let reader = try await reader(stage)
        try await commit(stage, Self.texts[1..<3])
        try await reader.peer.setQueuedBytes(1)
        try await commit(stage, Self.texts[3..<6])
        try await reader.peer.setQueuedBytes(0)
        try await stage.advance(bySeconds: 1)
        try await commit(stage, Self.texts[6..<7])
        try await reader.read()
        #expect(reader.texts == [0, 1, 2, 5, 6].map { Self.texts[$0] })
        // What came with the answer was read from the log: nothing that this event loop delivered is told from it.
        #expect(reader.deltas == [false, false, true, false, true])
    }

    @Test func `a delivery in several turns reaches everybody with what they can rebuild`() async throws {
        var settings = HubSettings()
        settings.deliveriesPerTurnMax = 2
        var rules = TestAccess.Rules()
        rules.grants[channel] = ChannelGrant(options: Self.options())
        let stage = Stage(settings, rules)
        var readers: [Reader] = []
        for step in 0..<6 {
            readers.append(try await reader(stage, since: step.isMultiple(of: 2) ? nil : UInt64(2 * step)))
            try await commit(stage, Self.texts[2 * step..<2 * step + 2])
        }
        for (step, reader) in readers.enumerated() {
            try await reader.read()
            #expect(reader.texts == Array(Self.texts[2 * step..<12]))
        }
    }
}
