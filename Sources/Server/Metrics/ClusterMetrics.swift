import Gateway
import Realtime

/// What this node has counted of the others, as series. None where it is alone.
struct ClusterMetrics: MetricsSource {
    let cluster: Cluster

    func families() async -> [MetricFamily] {
        (cluster.bus.map { Self.families($0.figures) } ?? []) + (cluster.follower.map { Self.families($0.figures) } ?? [])
    }

    private static func families(_ figures: BusFigures) -> [MetricFamily] {
        [
            MetricFamily(.busConnected, figures.isConnected ? 1 : 0), MetricFamily(.busPublished, figures.published),
            MetricFamily(.busReceived, figures.received), MetricFamily(.busDropped, figures.dropped),
            MetricFamily(.busMalformed, figures.malformed), MetricFamily(.busReconnects, figures.reconnects),
        ]
    }

    private static func families(_ figures: TailFigures) -> [MetricFamily] {
        [MetricFamily(.tailLooks, figures.looks), MetricFamily(.tailFailures, figures.failures)]
    }
}
