import Gateway
import Storage

/// What the database has counted, as series.
struct DatabaseMetrics: MetricsSource {
    let database: Database

    func families() async -> [MetricFamily] {
        let statistics = database.statistics
        return [
            MetricFamily(.transactions, statistics.transactions), MetricFamily(.commits, statistics.commits),
            MetricFamily(.events, statistics.events), MetricFamily(.replays, statistics.replays),
            MetricFamily(.writesWaiting, statistics.writesWaiting), MetricFamily(.readsWaiting, statistics.readsWaiting),
        ]
    }
}
