import Foundation
import Wire

/// The clock of the machine.
public struct SystemTime: TimeSource {
    public init() {}

    public var isMachineClock: Bool { true }

    public var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }
}
