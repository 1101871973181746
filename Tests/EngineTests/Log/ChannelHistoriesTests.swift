import Core
import Testing
import Wire

@testable import Engine

@Suite struct ChannelHistoriesTests {
    private static let start = Instant(microseconds: 1_782_864_000_000_000)
    private static let retention = Retention(entriesMax: 3, seconds: 60)

    private static func at(_ seconds: Int64) -> Instant { start.advanced(bySeconds: seconds) }

    private var histories = ChannelHistories(epoch: "e", limits: MemoryLogLimits())

    private static func limits(_ adjust: (inout MemoryLogLimits) -> Void) -> MemoryLogLimits {
        var limits = MemoryLogLimits()
        adjust(&limits)
        return limits
    }

    @discardableResult
    private static func append(
        _ histories: inout ChannelHistories, _ text: String, to channel: String = "a", retention: Retention = Self.retention,
        options: AppendOptions = AppendOptions(), at seconds: Int64 = 0
    ) -> UInt64 {
        switch histories.append(Publication(data: RawJSON(text)), to: channel, retention, options, at: at(seconds)) {
        case .written(let position), .unchanged(let position): position.offset
        }
    }

    private static func read(
        _ histories: inout ChannelHistories, _ channel: String = "a", after: UInt64? = nil, limit: Int = 100, reverse: Bool = false,
        at seconds: Int64 = 0
    ) -> [UInt64] {
        histories.read(channel: channel, after: after, limit: limit, reverse: reverse, at: at(seconds)).entries.map(\.offset)
    }

    @Test mutating func `offsets are dense and the oldest entries go first`() {
        for expected in 1...5 { #expect(Self.append(&histories, "\(expected)") == UInt64(expected)) }
        #expect(Self.read(&histories) == [3, 4, 5])
        #expect(Self.read(&histories, reverse: true) == [5, 4, 3])
        #expect(Self.read(&histories, after: 3) == [4, 5])
        #expect(Self.read(&histories, after: 1) == [3, 4, 5])
        #expect(Self.read(&histories, after: 5) == [])
        #expect(Self.read(&histories, after: 99) == [])
        #expect(Self.read(&histories, after: 5, reverse: true) == [4, 3])
        #expect(Self.read(&histories, after: 3, reverse: true) == [])
        #expect(Self.read(&histories, limit: 2) == [3, 4])
        #expect(Self.read(&histories, limit: 2, reverse: true) == [5, 4])
        #expect(Self.read(&histories, limit: 0) == [])
    }

    @Test mutating func `entries go when nothing was published for their time, the top stays`() {
        Self.append(&histories, "1", at: 0)
        Self.append(&histories, "2", at: 59)
        #expect(Self.read(&histories, at: 118) == [1, 2])
        #expect(Self.read(&histories, at: 119) == [])
        #expect(histories.read(channel: "a", after: nil, limit: 0, reverse: false, at: Self.at(119)).top.offset == 2)
        #expect(Self.append(&histories, "3", at: 119) == 3)
        #expect(Self.read(&histories, at: 119) == [3])
    }

    @Test mutating func `removing keeps the top`() {
        Self.append(&histories, "1")
        #expect(histories.remove(channel: "a") == StreamPosition(epoch: "e", offset: 1))
        #expect(Self.read(&histories) == [])
        #expect(histories.bytesKept == 0)
        #expect(Self.append(&histories, "2") == 2)
    }

    @Test mutating func `a repeat is recognised by its key for some minutes, in its channel`() {
        let once = AppendOptions(idempotencyKey: "k")
        #expect(Self.append(&histories, "1", options: once, at: 0) == 1)
        Self.append(&histories, "2", at: 1)
        #expect(Self.append(&histories, "1", options: once, at: 299) == 1)
        #expect(Self.append(&histories, "1", to: "b", options: once, at: 299) == 1)
        #expect(Self.append(&histories, "1", options: once, at: 300) == 3)
        #expect(Self.append(&histories, "1", options: once, at: 301) == 3)
    }

    @Test func `of too many keys the oldest is forgotten`() {
        var repeats = RepeatedAppends(seconds: 300, keysMax: 2)
        for (offset, key) in ["a", "b", "c"].enumerated() {
            repeats.note(key, in: "x", StreamPosition(epoch: "e", offset: UInt64(offset)), at: Self.at(0))
        }
        #expect(repeats.count == 2)
        #expect(repeats.position("a", in: "x", at: Self.at(0)) == nil)
        #expect(repeats.position("c", in: "x", at: Self.at(0))?.offset == 2)
    }

    @Test mutating func `what is not newer is suppressed, within one life of the versions`() {
        #expect(Self.append(&histories, "5", options: AppendOptions(version: 5, versionEpoch: "v")) == 1)
        #expect(Self.append(&histories, "5", options: AppendOptions(version: 5, versionEpoch: "v")) == 1)
        #expect(Self.append(&histories, "4", options: AppendOptions(version: 4, versionEpoch: "v")) == 1)
        #expect(Self.append(&histories, "6", options: AppendOptions(version: 6, versionEpoch: "v")) == 2)
        #expect(Self.append(&histories, "1", options: AppendOptions(version: 1, versionEpoch: "w")) == 3)
        #expect(Self.append(&histories, "no version") == 4)
    }

    @Test func `a channel that was forgotten never gives out an offset a second time`() {
        var histories = ChannelHistories(epoch: "e", limits: Self.limits { $0.channelsMax = 2 })
        for _ in 1...5 { Self.append(&histories, "1", to: "old") }
        Self.append(&histories, "1", to: "b")
        Self.append(&histories, "1", to: "c")
        #expect(histories.channelCount == 2)
        // Everything that begins from now on begins above what `old` can have given out.
        #expect(histories.floor == 65_536)
        let unknown = histories.read(channel: "old", after: nil, limit: 10, reverse: false, at: Self.at(0))
        #expect(unknown.top == StreamPosition(epoch: "e", offset: 65_536))
        #expect(unknown.entries.isEmpty)
        #expect(Self.append(&histories, "1", to: "old") == 65_537)
    }

    @Test func `offsets do not run away however often channels are forgotten`() {
        var histories = ChannelHistories(epoch: "e", limits: Self.limits { $0.channelsMax = 2 })
        for number in 1...10_000 { Self.append(&histories, "1", to: "\(number)") }
        // JavaScript counts that far.
        #expect(histories.floor < 1 << 53)
        #expect(histories.floor <= 5_001 * 65_536)
    }

    @Test func `reading keeps a channel from being forgotten`() {
        var histories = ChannelHistories(epoch: "e", limits: Self.limits { $0.channelsMax = 2 })
        Self.append(&histories, "1", to: "a")
        Self.append(&histories, "1", to: "b")
        #expect(Self.read(&histories, "a") == [1])
        Self.append(&histories, "1", to: "c")
        #expect(Self.read(&histories, "a") == [1])
        #expect(Self.read(&histories, "b") == [])
    }

    @Test func `an unused channel is forgotten after its time`() {
        var histories = ChannelHistories(epoch: "e", limits: Self.limits { $0.forgetSeconds = 1_000 })
        Self.append(&histories, "1", to: "a", at: 0)
        Self.append(&histories, "1", to: "b", at: 999)
        #expect(histories.channelCount == 2)
        Self.append(&histories, "1", to: "b", at: 1_000)
        #expect(histories.channelCount == 1)
    }

    @Test func `memory is bounded whatever is published`() {
        let wide = Retention(entriesMax: 1_000_000, seconds: 1_000_000)
        var histories = ChannelHistories(epoch: "e", limits: Self.limits { $0.bytesMax = 100_000 })
        for round in 0..<500 {
            Self.append(&histories, "\"" + String(repeating: "x", count: 1_000) + "\"", to: "c\(round % 7)", retention: wide)
            #expect(histories.bytesKept <= 100_000)
        }
        for _ in 0..<500 {
            Self.append(&histories, "\"" + String(repeating: "x", count: 1_000) + "\"", to: "only", retention: wide)
            #expect(histories.bytesKept <= 100_000)
        }
        #expect(Self.read(&histories, "only", limit: 1, reverse: true).count == 1)
    }

    @Test func `what has expired in channels that nobody uses any more is cleared away`() {
        var histories = ChannelHistories(epoch: "e", limits: MemoryLogLimits())
        for channel in 0..<100 { Self.append(&histories, "1", to: "c\(channel)", at: 0) }
        let full = histories.bytesKept
        for second in 60..<80 { Self.append(&histories, "1", to: "other", at: Int64(second)) }
        #expect(histories.bytesKept < full / 10)
    }
}
