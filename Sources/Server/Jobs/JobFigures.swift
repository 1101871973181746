import Gateway
import NIOCore
import Storage
import Synchronization

/// What a worker has counted, as series. The queue's own counts are those of the last beat: the page must not wait for the database.
final class JobFigures: Sendable {
    /// How an attempt ended.
    private enum Ending: String {
        case done, failed, dead, lost

        init(_ outcome: JobOutcome) {
            self =
                switch outcome {
                case .done: .done
                case .failed: .failed
                case .dead: .dead
                case .lost: .lost
                }
        }
    }

    private struct State {
        var counts: JobCounts?
        /// By kind and ending; both are few.
        var durations: [[String]: HistogramValue] = [:]
    }

    private static let durationBounds = [0.001, 0.01, 0.1, 1, 10, 60, 300]
    private let state = Mutex(State())

    func note(_ counts: JobCounts) {
        state.withLock { $0.counts = counts }
    }

    func note(_ kind: String, _ outcome: JobOutcome, after duration: TimeAmount) {
        state.withLock {
            $0.durations[[kind, Ending(outcome).rawValue], default: HistogramValue(bounds: Self.durationBounds)]
                .observe(Double(duration.nanoseconds) / 1_000_000_000)
        }
    }

    func families(running: Int) -> [MetricFamily] {
        let state = state.withLock { $0 }
        let durations = state.durations.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        return [
            MetricFamily(.jobsWaiting, state.counts?.waiting ?? 0), MetricFamily(.jobsDead, state.counts?.dead ?? 0),
            MetricFamily(.jobsRunning, running),
            MetricFamily(.jobDuration, durations.map { MetricSample($0.key, .histogram($0.value)) }),
        ]
    }
}

extension JobWorker: MetricsSource {
    func families() async -> [MetricFamily] { figures.families(running: running.count) }
}
