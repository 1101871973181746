import NIOCore

/// When the end of the log is looked at, as a pure state machine: at least once a second, at once when something was heard of, never twice
/// at the same time.
struct TailSchedule {
    static let interval = TimeAmount.seconds(1)
    /// Between the beginnings of two looks, however many wake-ups there are.
    static let floor = TimeAmount.milliseconds(5)

    private enum Phase {
        case resting(since: NIODeadline)
        case looking(since: NIODeadline)
        /// A log that fails is not asked more often for being asked in vain.
        case recovering(until: NIODeadline)
    }

    private var phase: Phase
    private var isWanted = true
    /// No longer than the log is left alone while it can be read.
    private var delay = RetryDelay(firstMilliseconds: 100, longestMilliseconds: 1_000)

    /// The first look is due at once.
    init(at now: NIODeadline) {
        phase = .resting(since: now - Self.floor)
    }

    /// When to look next; nil while a look is under way.
    var due: NIODeadline? {
        switch phase {
        case .resting(let since): since + (isWanted ? Self.floor : Self.interval)
        case .looking: nil
        case .recovering(let until): until
        }
    }

    /// Something was heard of. While a look is under way it may have come too late for that, so there will be another one.
    mutating func wake() { isWanted = true }

    mutating func begin(at now: NIODeadline) {
        isWanted = false
        phase = .looking(since: now)
    }

    mutating func succeeded() {
        guard case .looking(let since) = phase else { return }
        delay.succeeded()
        phase = .resting(since: since)
    }

    /// - Parameter random: a number in the range; spreads the nodes of a cluster whose database comes back.
    mutating func failed(at now: NIODeadline, _ random: (Range<Int>) -> Int) {
        phase = .recovering(until: now + .milliseconds(Int64(delay.next(random))))
    }
}
