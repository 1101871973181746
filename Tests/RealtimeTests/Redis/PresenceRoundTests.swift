import Testing
import Wire

@testable import Realtime

struct PresenceRoundTests {
    private static func crowd(_ count: Int, infoBytes: Int = 0) -> [String: ClientInfo] {
        let info = RawJSON("\"\(String(repeating: "x", count: infoBytes))\"")
        return Dictionary(
            uniqueKeysWithValues: (0..<count).map { ("c\($0)", ClientInfo(user: "u\($0)", client: "c\($0)", connInfo: info)) }
        )
    }

    /// All parts, in their order.
    private static func parts(of channels: [String: [String: ClientInfo]]) -> [PresenceRound.Part] {
        var round = PresenceRound()
        round.begin(channels.keys.sorted())
        var parts: [PresenceRound.Part] = []
        while let part = round.nextPart({ channels[$0] ?? [:] }) {
            parts.append(part)
            round.written(part)
        }
        #expect(round.isOver)
        return parts
    }

    @Test func `everybody is in one part, in the order of the channels`() {
        let (large, small) = (Self.crowd(3_000, infoBytes: 300), Self.crowd(2))
        let parts = Self.parts(of: ["a": large, "b": small])
        for (channel, crowd) in [("a", large), ("b", small)] {
            let names = parts.filter { $0.channel == channel }.flatMap { $0.clients.map(\.name) }
            #expect(names.count == crowd.count && Set(names) == Set(crowd.keys))
        }
        #expect(parts.map(\.channel) == ["a", "a", "a", "a", "b"])
        #expect(parts.filter(\.isLast).map(\.channel) == ["a", "b"])
        #expect(parts.allSatisfy { $0.clients.reduce(0) { $0 + $1.name.utf8.count + $1.info.readableBytes } <= PresenceRound.partBytesMax })
    }

    @Test func `an entry that is longer than a part goes alone`() {
        let parts = Self.parts(of: ["a": Self.crowd(3, infoBytes: PresenceRound.partBytesMax)])
        #expect(parts.map(\.clients.count) == [1, 1, 1])
        #expect(parts.map(\.isLast) == [false, false, true])
    }

    @Test func `a part comes again until it is written, as things are by then, and a channel that was left is passed over`() throws {
        var round = PresenceRound()
        round.begin(["gone", "a"])
        var present = ["a": Self.crowd(2)]
        #expect(round.nextPart { present[$0] ?? [:] }.map { Set($0.clients.map(\.name)) } == ["c0", "c1"])
        // Who comes now has told it already; who has left is not told of.
        present = ["a": ["c1": ClientInfo(user: "other", client: "c1"), "c2": ClientInfo(user: "u2", client: "c2")]]
        let second = round.nextPart { present[$0] ?? [:] }
        #expect(second?.clients.map(\.name) == ["c1"] && second?.isLast == true)
        var info = second?.clients.first?.info
        #expect(try info?.readClient() == ClientInfo(user: "other", client: "c1"))
        present = [:]
        let last = round.nextPart { present[$0] ?? [:] }
        #expect(last?.clients.isEmpty == true && last?.isLast == true && !round.isOver)
        if let last { round.written(last) }
        #expect(round.isOver && round.nextPart { present[$0] ?? [:] } == nil)
    }

    @Test func `a round that is begun anew forgets what was left of the last one`() {
        var round = PresenceRound()
        let crowd = Self.crowd(3, infoBytes: PresenceRound.partBytesMax)
        round.begin(["a", "b"])
        if let part = round.nextPart({ _ in crowd }) { round.written(part) }
        round.begin(["c"])
        #expect(
            Set(["c"])
                == Set(
                    (0..<3).compactMap { _ in
                        let part = round.nextPart { _ in crowd }
                        if let part { round.written(part) }
                        return part?.channel
                    }))
        #expect(round.isOver)
    }
}
