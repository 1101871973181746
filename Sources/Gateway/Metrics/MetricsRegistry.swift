import Metrics
import Synchronization

/// Keeps what is counted through swift-metrics, for one server: several in one process don't mix.
///
/// Only what stands in the table (``Metric/all``) is counted, under labels of the table: anything else gets a handler that does nothing. A
/// metric has at most ``seriesMax`` series. Label sets beyond are counted together in one series whose labels all say `other`, and
/// ``Metric/seriesFolded`` counts them.
final class MetricsRegistry: MetricsFactory, MetricsSource {
    private struct State {
        /// By name; the keys of a family are its series' labels.
        var families: [String: [[String]: any Series]] = [:]
        var folded = 0
    }

    static let seriesMax = 1_000
    /// The buckets of every histogram here, all of which are durations in seconds.
    static let bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
    private static let other = "other"

    private let state = Mutex(State())
    private let seriesMax: Int

    init(seriesMax: Int = MetricsRegistry.seriesMax) {
        self.seriesMax = seriesMax
    }

    func families() async -> [MetricFamily] {
        let (series, folded) = state.withLock { ($0.families, $0.folded) }
        let families = series.compactMap { name, series in
            Metric.named(name).map { metric in
                let ordered = series.sorted { $0.key.lexicographicallyPrecedes($1.key) }
                return MetricFamily(metric, ordered.map { MetricSample($0.key, $0.value.value) })
            }
        }
        return families + [MetricFamily(.seriesFolded, folded)]
    }

    /// - Returns: nil for what is not in the table, or there as something else.
    private func series<S: Series>(
        _ name: String, _ kind: Metric.Kind, _ dimensions: [(String, String)], _ make: () -> S
    ) -> S? {
        guard let metric = Metric.named(name), metric.kind == kind else { return nil }
        var labels = metric.labels.map { label in dimensions.first { $0.0 == label }?.1 ?? "" }
        return state.withLock { state in
            var family = state.families.removeValue(forKey: name) ?? [:]
            defer { state.families[name] = family }
            if family[labels] == nil, !labels.isEmpty, family.count >= seriesMax {
                state.folded += 1
                labels = labels.map { _ in Self.other }
            }
            if let known = family[labels] { return known as? S }
            let made = make()
            family[labels] = made
            return made
        }
    }

    private func remove(_ handler: AnyObject) {
        state.withLock { state in
            for (name, family) in state.families where family.contains(where: { $0.value === handler }) {
                state.families[name] = family.filter { $0.value !== handler }
            }
        }
    }
}

extension MetricsRegistry {
    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, .counter, dimensions) { CounterSeries() } ?? NOOPMetricsHandler.instance
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, .gauge, dimensions) { GaugeSeries() } ?? NOOPMetricsHandler.instance
    }

    /// - Parameter aggregate: a histogram; else the last value counts.
    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return series(label, .gauge, dimensions) { GaugeSeries() } ?? NOOPMetricsHandler.instance }
        return histogram(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> HistogramSeries? {
        series(label, .histogram, dimensions) { HistogramSeries(bounds: Self.bounds) }
    }

    func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}
