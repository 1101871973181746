import Core
import SeededRandom
import Testing
import Wire

@testable import Engine

/// Random operations against a model that keeps everything and computes every answer anew.
@Suite struct ChannelHistoriesModelTests {
    private struct Written {
        let offset: UInt64
        let at: Int64
        let text: String
    }

    private struct Model {
        var written: [Written] = []
        var removedThrough: UInt64 = 0

        var top: UInt64 { written.last?.offset ?? 0 }

        /// What is kept, told from all that was ever written.
        func kept(_ retention: Retention, at now: Int64) -> [Written] {
            guard let last = written.last, now - last.at < retention.seconds else { return [] }
            // Whatever came before a silence of that length went with it.
            var beginning = written.endIndex - 1
            while beginning > 0, written[beginning].at - written[beginning - 1].at < retention.seconds { beginning -= 1 }
            return written[beginning...].filter { $0.offset > removedThrough }.suffix(retention.entriesMax)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5]) func `every read is what the model says`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let retention = Retention(entriesMax: random.number(in: 1...40), seconds: 30)
        var histories = ChannelHistories(epoch: "e", limits: MemoryLogLimits())
        var models: [String: Model] = [:]
        var now: Int64 = 0
        for step in 0..<5_000 {
            let channel = "c\(random.number(in: 0...4))"
            now += Int64(random.number(in: 0...100) == 0 ? random.number(in: 10...60) : random.number(in: 0...1))
            let instant = Instant(microseconds: now * 1_000_000)
            switch random.number(in: 0...20) {
            case 0...9:
                let text = "\(step)"
                _ = histories.append(Publication(data: RawJSON(text)), to: channel, retention, AppendOptions(), at: instant)
                let offset = (models[channel]?.top ?? 0) + 1
                models[channel, default: Model()].written.append(Written(offset: offset, at: now, text: text))
            case 10:
                let top = histories.remove(channel: channel)
                #expect(top.offset == models[channel]?.top ?? 0)
                let removedThrough = models[channel]?.top ?? 0
                models[channel]?.removedThrough = removedThrough
            default:
                let model = models[channel] ?? Model()
                let after = random.number(in: 0...3) == 0 ? nil : UInt64(random.number(in: 0...Int(model.top) + 3))
                let reverse = random.number(in: 0...1) == 0
                let limit = random.number(in: 0...50)
                let page = histories.read(channel: channel, after: after, limit: limit, reverse: reverse, at: instant)
                let kept = model.kept(retention, at: now)
                let expected =
                    reverse
                    ? kept.reversed().filter { after == nil || $0.offset < after ?? 0 }
                    : kept.filter { after == nil || $0.offset > after ?? 0 }
                #expect(page.top == StreamPosition(epoch: "e", offset: model.top))
                #expect(page.entries.map(\.offset) == expected.prefix(limit).map(\.offset), "step \(step)")
                #expect(page.entries.map(\.data.text) == expected.prefix(limit).map(\.text))
            }
        }
        let bytes = models.keys.reduce(0) { sum, channel in
            sum
                + histories.read(channel: channel, after: nil, limit: 1_000, reverse: false, at: Instant(microseconds: now * 1_000_000))
                .entries.reduce(0) { $0 + $1.keptBytes }
        }
        // What has expired without anybody having looked may still be counted.
        #expect(histories.bytesKept >= bytes)
    }

    @Test func `touches are kept in order, and as many as there are names`() {
        var random = SplitMix64(seed: 7)
        var order = TouchOrder()
        var model: [String] = []
        for _ in 0..<5_000 {
            let name = "n\(random.number(in: 0...30))"
            if random.number(in: 0...3) == 0 {
                order.remove(name)
                model.removeAll { $0 == name }
            } else {
                order.touch(name)
                model.removeAll { $0 == name }
                model.append(name)
            }
            #expect(order.oldest() == model.first)
            #expect(order.count == model.count)
        }
    }
}
