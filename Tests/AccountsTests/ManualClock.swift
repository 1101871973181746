import Core
import Synchronization
import Wire

/// A clock that stands until it is moved.
final class ManualClock: TimeSource {
    private let instant: Mutex<Instant>

    init(_ instant: Instant = Instant(microseconds: 1_800_000_000_000_000)) {
        self.instant = Mutex(instant)
    }

    var now: Instant { instant.withLock { $0 } }

    func advance(bySeconds seconds: Int64) {
        instant.withLock { $0 = $0.advanced(bySeconds: seconds) }
    }
}
