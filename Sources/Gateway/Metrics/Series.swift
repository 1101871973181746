import Metrics
import Synchronization

/// One series that code counts on; any thread may.
protocol Series: AnyObject, Sendable {
    var value: MetricSample.Value { get }
}

final class CounterSeries: Series, CounterHandler {
    private let count = Atomic<Int64>(0)

    var value: MetricSample.Value { .number(Double(count.load(ordering: .relaxed))) }

    /// A counter never falls, so an amount below zero counts nothing.
    func increment(by amount: Int64) {
        if amount > 0 { count.wrappingAdd(amount, ordering: .relaxed) }
    }

    func reset() { count.store(0, ordering: .relaxed) }
}

final class GaugeSeries: Series, MeterHandler, RecorderHandler {
    private let current = Mutex(0.0)

    var value: MetricSample.Value { .number(current.withLock { $0 }) }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { current.withLock { $0 = value } }
    func increment(by amount: Double) { current.withLock { $0 += amount } }
    func decrement(by amount: Double) { current.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
}

final class HistogramSeries: Series, TimerHandler, RecorderHandler {
    private let histogram: Mutex<HistogramValue>

    init(bounds: [Double]) {
        histogram = Mutex(HistogramValue(bounds: bounds))
    }

    var value: MetricSample.Value { .histogram(histogram.withLock { $0 }) }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { histogram.withLock { $0.observe(value) } }
}
