import Core
import Synchronization
import Wire

/// A clock that stands still until a test moves it.
public final class ManualTime: TimeSource {
    private let instant: Mutex<Instant>

    /// 2026-07-01T00:00:00Z, a Wednesday morning at eight in Shanghai, unless said otherwise.
    public init(_ start: Instant = Instant(microseconds: 1_782_864_000_000_000)) {
        instant = Mutex(start)
    }

    public var now: Instant { instant.withLock { $0 } }

    public func advance(bySeconds seconds: Int64) {
        instant.withLock { $0 = $0.advanced(bySeconds: seconds) }
    }
}
