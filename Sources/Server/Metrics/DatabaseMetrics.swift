import Gateway
import Storage

/// What the database has counted, as series.
struct DatabaseMetrics: MetricsSource {
    let database: Database

    func families() async -> [MetricFamily] {
        let statistics = database.statistics
        return [
            MetricFamily(.transactions, statistics.transactions), MetricFamily(.commits, statistics.commits),
            histogram(.commitDuration, statistics.commitSeconds), histogram(.batchDuration, statistics.batchSeconds),
            histogram(.batchTransactions, statistics.batchTransactions),
            MetricFamily(.events, statistics.events), MetricFamily(.replays, statistics.replays),
            MetricFamily(.writesWaiting, statistics.writesWaiting), MetricFamily(.readsWaiting, statistics.readsWaiting),
        ]
    }

    private func histogram(_ metric: Metric, _ histogram: DatabaseHistogram) -> MetricFamily {
        let value = HistogramValue(bounds: histogram.bounds, counts: histogram.counts, sum: histogram.sum)
        return MetricFamily(metric, [MetricSample([], .histogram(value))])
    }
}
