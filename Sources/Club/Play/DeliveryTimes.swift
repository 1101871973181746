import Client
import Synchronization

/// When each booking was answered and when the last watcher heard of it, by one clock.
///
/// Only live deliveries count: a watcher that was away hears late because it was away.
final class DeliveryTimes: Sendable {
    private struct Times {
        var committed: ContinuousClock.Instant?
        var lastHeard: ContinuousClock.Instant?
    }

    private let bySlot = Mutex<[Int64: Times]>([:])

    func committed(_ slot: Int64, at instant: ContinuousClock.Instant) {
        bySlot.withLock { $0[slot, default: Times()].committed = instant }
    }

    func heard(_ slot: Int64, at instant: ContinuousClock.Instant) {
        bySlot.withLock {
            // The latest call is the last to hear: instants of one clock, taken in turn, may still swap by a hair.
            let last = $0[slot]?.lastHeard ?? instant
            $0[slot, default: Times()].lastHeard = max(last, instant)
        }
    }

    /// From the answer's arrival to the last watcher's; events may overtake the answer, which counts as zero.
    var percentiles: Percentiles {
        bySlot.withLock { times in
            Percentiles(
                times.values.compactMap { times -> Duration? in
                    guard let committed = times.committed, let lastHeard = times.lastHeard else { return nil }
                    return max(.zero, lastHeard - committed)
                }
            )
        }
    }
}
