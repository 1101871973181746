/// How many commands a connection may still send: a token bucket, filled by whole seconds.
struct CommandBudget {
    private let perSecond: Int
    private let burst: Int
    private var left: Int
    private var filledAt: Int

    init(perSecond: Int, burst: Int, at second: Int) {
        self.perSecond = perSecond
        self.burst = burst
        left = burst
        filledAt = second
    }

    /// - Returns: false when the budget is spent.
    mutating func take(at second: Int) -> Bool {
        if second > filledAt {
            left = min(burst, left + (second - filledAt) * perSecond)
            filledAt = second
        }
        guard left > 0 else { return false }
        left -= 1
        return true
    }
}
