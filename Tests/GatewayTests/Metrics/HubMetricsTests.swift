import NIOCore
import Testing

@testable import Gateway
@testable import Realtime

@Suite struct HubMetricsTests {
    private static func values(_ metric: Metric, _ loops: [HubFigures]) -> [[String]: MetricSample.Value] {
        let samples = HubMetrics.families(loops).filter { $0.metric == metric }.flatMap(\.samples)
        return Dictionary(uniqueKeysWithValues: samples.map { ($0.labels, $0.value) })
    }

    private static func loop(connections: Int, _ change: (inout HubFigures) -> Void = { _ in }) -> HubFigures {
        var figures = HubFigures()
        figures.connections = connections
        change(&figures)
        return figures
    }

    @Test func `what differs by loop is shown by loop, the rest in all`() {
        let loops = [
            Self.loop(connections: 3) { figures in
                figures.closed(.slow)
                figures.hit(.commands)
                figures.logReads = 2
            },
            Self.loop(connections: 4) { figures in
                figures.closed(.slow)
                figures.closed(.noPong)
                figures.hit(.commands)
                figures.logReads = 5
            },
        ]
        #expect(Self.values(.connections, loops) == [["0"]: .number(3), ["1"]: .number(4)])
        #expect(Self.values(.closes, loops) == [["3008"]: .number(2), ["3012"]: .number(1)])
        #expect(Self.values(.slowConsumers, loops) == [[]: .number(2)])
        #expect(Self.values(.logReads, loops) == [[]: .number(7)])
        let limits = Self.values(.limitsHit, loops)
        #expect(limits[["commands"]] == .number(2))
        #expect(limits[["queue_bytes"]] == .number(2))
        #expect(limits[["message_bytes"]] == .number(0))
        #expect(limits.count == HubLimit.allCases.count + 3)
    }

    @Test func `durations of all loops are one histogram in seconds`() throws {
        let loops = [2, 300].map { milliseconds in
            Self.loop(connections: 0) { $0.commitToDelivery.record(.milliseconds(milliseconds)) }
        }
        guard case .histogram(let value) = Self.values(.commitToDelivery, loops)[[]] else {
            Issue.record("no histogram")
            return
        }
        #expect(value.bounds == value.bounds.sorted())
        #expect(value.counts.count == value.bounds.count + 1)
        #expect(value.counts.reduce(0, +) == 2)
        #expect(value.counts[try #require(value.bounds.firstIndex(of: 0.0025))] == 1)
        #expect(value.counts[try #require(value.bounds.firstIndex(of: 0.5))] == 1)
        #expect(value.sum == 0.302)
    }

    @Test func `a duration lies in the first bucket that it fits into`() {
        var histogram = DurationHistogram()
        for nanoseconds in [-5, 0, 100_000, 100_001, .max] as [Int64] { histogram.record(.nanoseconds(nanoseconds)) }
        #expect(histogram.counts[0] == 3)
        #expect(histogram.counts[1] == 1)
        #expect(histogram.counts.last == 1)
    }
}
