/// Counts over all nodes of a cluster: leaky buckets by key, each forgotten once it has run empty.
public protocol RateLimitStore: Sendable {
    /// Puts one more into a bucket.
    ///
    /// - Parameters:
    ///   - key: names the bucket; no personal data.
    ///   - capacity: what the bucket holds.
    ///   - windowSeconds: how long a full one takes to run empty.
    /// - Returns: zero when there was room, else the milliseconds until there is; nil when nobody can tell now: then each node counts for
    ///   itself.
    func fill(_ key: String, capacity: Int, windowSeconds: Int64) async -> Int?

    /// Takes one back. Returns at once.
    func takeBack(_ key: String, capacity: Int, windowSeconds: Int64)

    /// Empties a bucket. Returns at once.
    func forget(_ key: String)
}
