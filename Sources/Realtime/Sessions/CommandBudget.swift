import Synchronization

/// How much a connection may still do of something: a token bucket, filled by whole seconds.
struct CommandBudget {
    /// How fast it fills, and how much it holds.
    struct Rate: Hashable, Sendable {
        let perSecond: Int
        let burst: Int
    }

    private var left: Int32
    private var filledAt: Int32

    init(_ rate: Rate, at second: Int) {
        left = Int32(clamping: rate.burst)
        filledAt = Int32(clamping: second)
    }

    /// - Returns: false when the budget is spent.
    mutating func take(_ rate: Rate, at second: Int) -> Bool {
        let passed = second - Int(filledAt)
        if passed > 0 {
            let (filled, isFull) = passed.multipliedReportingOverflow(by: rate.perSecond)
            left = Int32(clamping: isFull ? rate.burst : min(rate.burst, Int(left) + filled))
            filledAt = Int32(clamping: second)
        }
        guard left > 0 else { return false }
        left -= 1
        return true
    }
}

/// What all connections of one user may do together, over all event loops.
final class UserBudget: Sendable {
    private let budget: Mutex<CommandBudget>
    private let rate: CommandBudget.Rate

    /// - Parameter rate: in seconds of any clock that ``take(at:)`` is called with.
    init(_ rate: CommandBudget.Rate, at second: Int) {
        self.rate = rate
        budget = Mutex(CommandBudget(rate, at: second))
    }

    func take(at second: Int) -> Bool {
        budget.withLock { $0.take(rate, at: second) }
    }
}
