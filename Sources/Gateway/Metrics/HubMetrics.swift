import Realtime
import Wire

/// What the hub has counted, as series.
struct HubMetrics: MetricsSource {
    let hub: Hub

    func families() async -> [MetricFamily] { Self.families(await hub.figures()) }

    /// - Parameter loops: the figures of each event loop, in the order of the loops.
    static func families(_ loops: [HubFigures]) -> [MetricFamily] {
        func byLoop(_ metric: Metric, _ value: (HubFigures) -> Int) -> MetricFamily {
            MetricFamily(metric, loops.enumerated().map { MetricSample($0.offset, value($0.element)) })
        }
        func sum(_ metric: Metric, _ value: (HubFigures) -> Int) -> MetricFamily {
            MetricFamily(metric, loops.reduce(0) { $0 + value($1) })
        }
        let commitToDelivery = loops.reduce(into: DurationHistogram()) { $0 += $1.commitToDelivery }
        let lags = loops.enumerated().map { MetricSample(["\($0.offset)"], .histogram(HistogramValue($0.element.loopLag))) }
        return [
            byLoop(.connections, \.connections), byLoop(.subscriptions, \.subscriptions), byLoop(.channels, \.channels),
            byLoop(.queueBytes, \.queuedBytes), byLoop(.deliveries, \.deliveries),
            MetricFamily(.commitToDelivery, [MetricSample([], .histogram(HistogramValue(commitToDelivery)))]),
            MetricFamily(.loopLag, lags), starts(loops), sum(.logReads, \.logReads), sum(.logReadFailures, \.logReadFailures),
            sum(.channelsBehind, \.channelsBehind), closes(loops), sum(.slowConsumers, \.slow), limits(loops),
        ]
    }

    private static func starts(_ loops: [HubFigures]) -> MetricFamily {
        let outcomes: [(String, KeyPath<HubFigures, Int>)] = [
            ("fresh", \.fresh), ("recovered", \.recovered), ("unrecovered", \.unrecovered),
        ]
        return MetricFamily(
            .subscriptionStarts, outcomes.map { name, count in MetricSample(name, loops.reduce(0) { $0 + $1[keyPath: count] }) }
        )
    }

    private static func closes(_ loops: [HubFigures]) -> MetricFamily {
        let codes = loops.reduce(into: [UInt16: Int]()) { $0.merge($1.closes, uniquingKeysWith: +) }
        return MetricFamily(.closes, codes.sorted { $0.key < $1.key }.map { MetricSample($0.key, $0.value) })
    }

    private static func limits(_ loops: [HubFigures]) -> MetricFamily {
        let hits = loops.reduce(into: [HubLimit: Int]()) { $0.merge($1.limitsHit, uniquingKeysWith: +) }
        let closed = { (code: UInt16) in loops.reduce(0) { $0 + ($1.closes[code] ?? 0) } }
        // What a socket does not take, it closes with a code of its own.
        let sockets = [
            MetricSample("queue_bytes", closed(CloseCode.slow)), MetricSample("message_bytes", closed(CloseCode.messageTooBig)),
            MetricSample("fragments", closed(CloseCode.policyViolation)),
        ]
        return MetricFamily(.limitsHit, HubLimit.allCases.map { MetricSample($0.rawValue, hits[$0] ?? 0) } + sockets)
    }
}

extension HistogramValue {
    fileprivate init(_ histogram: DurationHistogram) {
        self.init(
            bounds: DurationHistogram.boundsNanoseconds.map { Double($0) / 1_000_000_000 }, counts: histogram.counts,
            sum: Double(histogram.sumNanoseconds) / 1_000_000_000
        )
    }
}
