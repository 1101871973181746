import NIOCore

/// How often something may happen: so many times a second on the long run, and so many at once. Pure: it is told the time.
struct TokenBucket {
    private let capacity: Double
    private let perSecond: Double
    private var tokens: Double
    private var filledAt: NIODeadline

    init(perSecond: Int, burst: Int, now: NIODeadline) {
        capacity = Double(burst)
        self.perSecond = Double(perSecond)
        tokens = capacity
        filledAt = now
    }

    /// Takes one, if there is one.
    mutating func take(now: NIODeadline) -> Bool {
        let elapsed = max(0, (now - filledAt).nanoseconds)
        tokens = min(capacity, tokens + Double(elapsed) / 1_000_000_000 * perSecond)
        filledAt = max(filledAt, now)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
