import Core
import Synchronization
import Wire

/// A clock that stands until it is moved.
final class TestTime: TimeSource {
    private let instant = Mutex(Instant(microseconds: 1_800_000_000_000_000))

    var now: Instant { instant.withLock { $0 } }

    func advance(bySeconds seconds: Int64) {
        instant.withLock { $0 = $0.advanced(bySeconds: seconds) }
    }
}
