import Synchronization
import Wire

/// How long events were under way to their watchers, by the second of their transactions: from the transaction, which ends with the commit,
/// to the watcher's reading of the event, on one machine's clock. A watcher that was away hears late because it was away, and counts.
final class DeliveryDelays: Sendable {
    struct Second: Hashable, Sendable {
        var deliveries = 0
        var late = 0
        var longestMicroseconds: Int64 = 0
    }

    /// From here on a delivery is late.
    static let lateMicroseconds: Int64 = 1_000_000

    private let seconds = Mutex<[Int64: Second]>([:])

    func heard(_ event: Instant, at now: Instant) {
        let delay = now.microseconds - event.microseconds
        seconds.withLock { seconds in
            var second = seconds[event.microseconds / 1_000_000] ?? Second()
            second.deliveries += 1
            if delay >= Self.lateMicroseconds { second.late += 1 }
            second.longestMicroseconds = max(second.longestMicroseconds, delay)
            seconds[event.microseconds / 1_000_000] = second
        }
    }

    /// By seconds since 1970, the earliest first.
    var bySecond: [(second: Int64, figures: Second)] {
        seconds.withLock { seconds in seconds.sorted { $0.key < $1.key }.map { (second: $0.key, figures: $0.value) } }
    }
}
