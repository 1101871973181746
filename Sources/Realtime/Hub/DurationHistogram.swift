import NIOCore

/// How often something took how long, in fixed buckets: a record costs a short search and no memory.
public struct DurationHistogram: Hashable, Sendable {
    /// The longest duration of each bucket, in nanoseconds; the last bucket has no bound.
    public static let boundsNanoseconds: [Int64] = [
        100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000,
        500_000_000, 1_000_000_000, 2_500_000_000, 10_000_000_000,
    ]

    /// One more than there are bounds.
    public private(set) var counts = [Int](repeating: 0, count: boundsNanoseconds.count + 1)
    public private(set) var sumNanoseconds: Int64 = 0

    public init() {}

    /// A duration below zero, which clocks of two threads can make of a very short one, counts as zero.
    mutating func record(_ duration: TimeAmount) {
        let nanoseconds = max(0, duration.nanoseconds)
        let bucket = Self.boundsNanoseconds.firstIndex { nanoseconds <= $0 } ?? Self.boundsNanoseconds.count
        counts[bucket] += 1
        sumNanoseconds &+= nanoseconds
    }

    /// Adds what another event loop has recorded.
    public static func += (sum: inout Self, other: Self) {
        for bucket in sum.counts.indices { sum.counts[bucket] += other.counts[bucket] }
        sum.sumNanoseconds &+= other.sumNanoseconds
    }
}
