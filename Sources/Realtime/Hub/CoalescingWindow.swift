import NIOCore

/// How long an event loop waits for more events before it delivers those it has: not at all while it is quiet, a little while it is busy,
/// because events that leave together cost a connection one write. Pure: the time is handed in.
///
/// The measure is how much of its time the loop spends delivering. What is gained by waiting lowers it again, so the window settles where
/// the loop keeps up.
struct CoalescingWindow {
    private let longest: TimeAmount
    /// Smoothed share of the time, zero to one.
    private var busyShare = 0.0
    private var measuredSince: NIODeadline
    private var busyNanoseconds: Int64 = 0
    private var lastEnd: NIODeadline

    /// Below this share the loop is quiet, above the other the window has its full length.
    private static let quietShare = 0.3
    private static let fullShare = 0.8
    private static let measure = TimeAmount.milliseconds(10)
    private static let smoothing = 0.3
    /// An idle time this long says that what was measured before is of no interest.
    private static let forgetting = TimeAmount.milliseconds(100)

    /// - Parameter longest: zero for never waiting.
    init(longest: TimeAmount, now: NIODeadline) {
        self.longest = longest
        measuredSince = now
        lastEnd = now
    }

    /// The loop has delivered from `start` to `end`.
    mutating func delivered(from start: NIODeadline, to end: NIODeadline) {
        if start - measuredSince > Self.forgetting {
            busyShare = 0
            busyNanoseconds = 0
            measuredSince = start
        }
        lastEnd = end
        busyNanoseconds += (end - start).nanoseconds
        let measured = end - measuredSince
        guard measured >= Self.measure else { return }
        busyShare += Self.smoothing * (Double(busyNanoseconds) / Double(measured.nanoseconds) - busyShare)
        busyNanoseconds = 0
        measuredSince = end
    }

    /// How long from `now` until the next delivery; zero for at once.
    func pause(at now: NIODeadline) -> TimeAmount {
        let share = (busyShare - Self.quietShare) / (Self.fullShare - Self.quietShare)
        let length = TimeAmount.nanoseconds(Int64(Double(longest.nanoseconds) * min(max(share, 0), 1)))
        return max(.zero, lastEnd + length - now)
    }
}
