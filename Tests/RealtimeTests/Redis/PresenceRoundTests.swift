import Testing
import Wire

@testable import Realtime

struct PresenceRoundTests {
    private static func crowd(_ count: Int, infoBytes: Int = 0) -> [ClientInfo] {
        (0..<count).map {
            ClientInfo(user: "u\($0)", client: "c\($0)", connInfo: RawJSON("\"\(String(repeating: "x", count: infoBytes))\""))
        }
    }

    /// All parts, in their order.
    private static func parts(of channels: [String: [ClientInfo]]) -> [PresenceRound.Part] {
        var round = PresenceRound()
        round.begin(channels.keys.sorted())
        var parts: [PresenceRound.Part] = []
        while let part = round.nextPart({ channels[$0] ?? [] }) {
            parts.append(part)
            round.written(part)
        }
        #expect(round.isOver)
        return parts
    }

    @Test func `everybody is in one part, in the order of the channels`() {
        let (large, small) = (Self.crowd(3_000, infoBytes: 300), Self.crowd(2))
        let parts = Self.parts(of: ["a": large, "b": small])
        #expect(
            parts.flatMap { part in part.clients.map { "\(part.channel) \($0.name)" } }
                == large.map { "a \($0.client)" } + small.map { "b \($0.client)" })
        #expect(parts.filter(\.isLast).map(\.channel) == ["a", "b"])
        #expect(parts.count == 5)
        #expect(parts.allSatisfy { $0.clients.reduce(0) { $0 + $1.name.utf8.count + $1.info.readableBytes } <= PresenceRound.partBytesMax })
    }

    @Test func `an entry that is longer than a part goes alone`() {
        let parts = Self.parts(of: ["a": Self.crowd(3, infoBytes: PresenceRound.partBytesMax)])
        #expect(parts.map(\.clients.count) == [1, 1, 1])
        #expect(parts.map(\.isLast) == [false, false, true])
    }

    @Test func `a part comes again until it is written, and a channel that was left meanwhile is passed over`() {
        var round = PresenceRound()
        round.begin(["gone", "a"])
        var present = ["a": Self.crowd(1)]
        let first = round.nextPart { present[$0] ?? [] }
        #expect(first?.channel == "a" && first?.clients.map(\.name) == ["c0"])
        // Asked once: what has changed since is told by itself.
        present = [:]
        #expect(round.nextPart { present[$0] ?? [] }?.clients.map(\.name) == ["c0"])
        #expect(!round.isOver)
        if let first { round.written(first) }
        #expect(round.isOver && round.nextPart { present[$0] ?? [] } == nil)
    }

    @Test func `a round that is begun anew forgets what was left of the last one`() {
        var round = PresenceRound()
        let crowd = Self.crowd(3, infoBytes: PresenceRound.partBytesMax)
        round.begin(["a", "b"])
        if let part = round.nextPart({ _ in crowd }) { round.written(part) }
        round.begin(["c"])
        #expect(round.nextPart { _ in crowd }?.channel == "c")
        #expect(round.nextPart { _ in crowd }?.clients.first?.name == "c0")
    }
}
