import Core
import Engine
import ServerTesting
import Synchronization
import Testing
import Wire

@Suite struct MemoryLogTests {
    private final class Collector: CommittedEvents {
        private let events = Mutex<[CommittedEvent]>([])

        var collected: [CommittedEvent] { events.withLock { $0 } }

        func committed(_ events: [CommittedEvent]) { self.events.withLock { $0 += events } }
    }

    @Test func `whoever appends at the same time, events are handed over in the order of their offsets`() async throws {
        let log = MemoryLog(time: ManualTime()) { _ in Retention(entriesMax: 10, seconds: 60) }
        let collector = Collector()
        log.connect(collector)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for number in 0..<200 {
                        _ = try? await log.append(Publication(data: RawJSON("\(task * 1_000 + number)")), to: "a", options: AppendOptions())
                    }
                }
            }
        }
        #expect(collector.collected.map(\.position.offset) == Array(1...1_600))
        #expect(log.usage.channels == 1)
    }

    @Test func `a repeat is not handed over, tags and the publisher are`() async throws {
        let log = MemoryLog(epoch: "e", time: ManualTime()) { _ in Retention(entriesMax: 10, seconds: 60) }
        let collector = Collector()
        log.connect(collector)
        let publication = Publication(data: RawJSON("1"), info: ClientInfo(user: "42", client: "c"), tags: ["k": "v"])
        for _ in 0..<2 {
            let position = try await log.append(publication, to: "a", options: AppendOptions(idempotencyKey: "key"))
            #expect(position == StreamPosition(epoch: "e", offset: 1))
        }
        #expect(collector.collected.count == 1)
        #expect(collector.collected.first?.tags == ["k": "v"])
        #expect(collector.collected.first?.info?.user == "42")
        let entry = try await log.read(channel: "a", after: nil, limit: 1, reverse: false).entries.first
        #expect(entry?.tags == ["k": "v"])
        #expect(entry?.info?.user == "42")
    }

    @Test func `the tops of many channels are those of each, and asking keeps a channel in use`() async throws {
        let time = ManualTime()
        var limits = MemoryLogLimits()
        limits.forgetSeconds = 100
        let log = MemoryLog(epoch: "e", limits: limits, time: time) { _ in Retention(entriesMax: 10, seconds: 60) }
        for _ in 0..<3 { _ = try await log.append(Publication(data: RawJSON("1")), to: "a", options: AppendOptions()) }
        for _ in 0..<3 {
            time.advance(bySeconds: 90)
            let tops = try await log.tops(of: ["a", "never", "a"])
            #expect(tops.map(\.offset) == [3, 0, 3])
            _ = try await log.append(Publication(data: RawJSON("1")), to: "other", options: AppendOptions())
        }
    }

    @Test func `every log has an epoch of its own`() {
        #expect(Set((0..<100).map { _ in MemoryLog.randomEpoch() }).count > 90)
        #expect(MemoryLog.randomEpoch().count == 8)
    }
}
