/// How long a job rests after a failure: twice as long each time, up to a bound, and never exactly that long.
struct JobBackoff: Sendable {
    var firstSeconds: Int64 = 5
    var secondsMax: Int64 = 3_600

    /// - Parameters:
    ///   - attempts: how often the job was tried by now.
    ///   - random: any number. Half of the pause depends on it: jobs that failed together, because of one outage, don't come back together.
    /// - Returns: microseconds.
    func pause(afterAttempts attempts: Int, random: UInt32) -> Int64 {
        let doublings = min(max(attempts - 1, 0), 32)
        let half = min(firstSeconds << Int64(doublings), secondsMax) * 500_000
        return half + Int64(Double(half) * (Double(random) / Double(UInt32.max)))
    }
}
