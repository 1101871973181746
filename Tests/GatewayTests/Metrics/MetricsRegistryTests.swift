import Testing

@testable import Gateway

@Suite struct MetricsRegistryTests {
    private static func samples(of metric: Metric, in registry: MetricsRegistry) async -> [[String]: MetricSample.Value] {
        let families = await registry.families().filter { $0.metric == metric }
        return Dictionary(families.flatMap(\.samples).map { ($0.labels, $0.value) }) { first, _ in first }
    }

    @Test func `counters of the same labels are one series`() async {
        let registry = MetricsRegistry()
        Metric.refusals.counter("full", in: registry).increment()
        Metric.refusals.counter("full", in: registry).increment(by: 2)
        Metric.refusals.counter("rate", in: registry).increment()
        #expect(await Self.samples(of: .refusals, in: registry) == [["full"]: .number(3), ["rate"]: .number(1)])
    }

    @Test func `a counter never falls`() async {
        let registry = MetricsRegistry()
        let counter = registry.makeCounter(label: Metric.commits.name, dimensions: [])
        counter.increment(by: 5)
        counter.increment(by: -3)
        #expect(await Self.samples(of: .commits, in: registry) == [[]: .number(5)])
    }

    @Test func `a gauge keeps what was said last`() async {
        let registry = MetricsRegistry()
        let meter = registry.makeMeter(label: Metric.writesWaiting.name, dimensions: [])
        meter.set(5.0)
        meter.increment(by: 2)
        meter.decrement(by: 1)
        registry.makeRecorder(label: Metric.readsWaiting.name, dimensions: [], aggregate: false).record(Int64(9))
        #expect(await Self.samples(of: .writesWaiting, in: registry) == [[]: .number(6)])
        #expect(await Self.samples(of: .readsWaiting, in: registry) == [[]: .number(9)])
    }

    @Test func `a timer counts into the bucket of its seconds`() async throws {
        let registry = MetricsRegistry()
        let timer = Metric.requestDuration.timer("/a", "GET", in: registry)
        timer.recordNanoseconds(1_000_000)
        timer.recordNanoseconds(3_600_000_000_000)
        let value = await Self.samples(of: .requestDuration, in: registry)[["/a", "GET"]]
        guard case .histogram(let histogram) = value else {
            Issue.record("\(value as Any)")
            return
        }
        #expect(histogram.bounds == MetricsRegistry.bounds)
        #expect(histogram.counts[1] == 1)
        #expect(histogram.counts.last == 1)
        #expect(histogram.sum == 3_600.001)
    }

    @Test func `labels that a full metric has no room for are counted together`() async {
        let registry = MetricsRegistry(seriesMax: 2)
        for route in ["/a", "/b", "/c", "/d", "/a"] { Metric.requests.counter(route, "GET", "200", in: registry).increment() }
        #expect(
            await Self.samples(of: .requests, in: registry) == [
                ["/a", "GET", "200"]: .number(2), ["/b", "GET", "200"]: .number(1), ["other", "other", "other"]: .number(2),
            ]
        )
        #expect(await Self.samples(of: .seriesFolded, in: registry) == [[]: .number(2)])
    }

    @Test func `what is not in the table is not counted`() async {
        let registry = MetricsRegistry()
        registry.makeCounter(label: "made_up_total", dimensions: []).increment(by: 1)
        registry.makeMeter(label: Metric.commits.name, dimensions: []).set(Int64(5))
        registry.makeTimer(label: Metric.writesWaiting.name, dimensions: []).recordNanoseconds(1)
        #expect(await registry.families().map(\.metric) == [.seriesFolded])
    }

    @Test func `labels that are not given are empty and those of no metric are ignored`() async {
        let registry = MetricsRegistry()
        registry.makeCounter(label: Metric.requests.name, dimensions: [("method", "GET"), ("user", "ana")]).increment(by: 1)
        #expect(await Self.samples(of: .requests, in: registry) == [["", "GET", ""]: .number(1)])
    }

    @Test func `a series can be given up`() async {
        let registry = MetricsRegistry()
        let counter = Metric.refusals.counter("full", in: registry)
        Metric.refusals.counter("rate", in: registry).increment()
        counter.destroy()
        #expect(await Self.samples(of: .refusals, in: registry) == [["rate"]: .number(1)])
    }

    @Test func `counting from many tasks at once loses nothing`() async {
        let registry = MetricsRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<1_000 { Metric.refusals.counter("full", in: registry).increment() } }
            }
        }
        #expect(await Self.samples(of: .refusals, in: registry) == [["full"]: .number(8_000)])
    }
}
