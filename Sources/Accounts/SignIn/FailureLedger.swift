import Wire

/// Counts failures by key and forgets them evenly over time: a leaky bucket for each key.
///
/// An attempt is counted when it begins and taken back when it succeeds; otherwise a thousand guesses sent at once would all begin before
/// the first of them has failed.
struct FailureLedger {
    private struct Bucket {
        var failures: Double
        var countedAt: Instant
    }

    /// Failures after which the next attempt has to wait.
    let failuresMax: Int
    /// How long a full bucket takes to empty, in seconds.
    let windowSeconds: Int64
    /// Keys that are remembered; when full, the one with the fewest failures is forgotten.
    let keysMax: Int
    private var buckets: [String: Bucket] = [:]

    init(failuresMax: Int, windowSeconds: Int64, keysMax: Int) {
        self.failuresMax = failuresMax
        self.windowSeconds = windowSeconds
        self.keysMax = keysMax
    }

    /// Counts an attempt as failed until it is known better.
    ///
    /// - Returns: nil when it may go ahead, or the milliseconds to wait.
    mutating func begin(_ key: String, at now: Instant) -> Int? {
        let failures = level(of: key, at: now)
        let excess = failures + 1 - Double(failuresMax)
        guard excess <= 0 else { return Int((excess / failuresPerSecond * 1_000).rounded(.up)) }
        if buckets[key] == nil { makeRoom(at: now) }
        buckets[key] = Bucket(failures: failures + 1, countedAt: now)
        return nil
    }

    /// Takes one attempt back, which was no failure.
    mutating func takeBack(_ key: String, at now: Instant) {
        let failures = level(of: key, at: now) - 1
        buckets[key] = failures > 0 ? Bucket(failures: failures, countedAt: now) : nil
    }

    mutating func forget(_ key: String) {
        buckets[key] = nil
    }

    var keyCount: Int { buckets.count }

    private var failuresPerSecond: Double { Double(failuresMax) / Double(windowSeconds) }

    private func level(of key: String, at now: Instant) -> Double {
        buckets[key].map { level(of: $0, at: now) } ?? 0
    }

    private func level(of bucket: Bucket, at now: Instant) -> Double {
        let seconds = Double(now.microseconds - bucket.countedAt.microseconds) / 1_000_000
        return max(0, bucket.failures - max(0, seconds) * failuresPerSecond)
    }

    private mutating func makeRoom(at now: Instant) {
        guard buckets.count >= keysMax else { return }
        buckets = buckets.filter { level(of: $0.value, at: now) > 0 }
        guard buckets.count >= keysMax else { return }
        if let fewest = buckets.min(by: { level(of: $0.value, at: now) < level(of: $1.value, at: now) }) { buckets[fewest.key] = nil }
    }
}
