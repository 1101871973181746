/// Observations by size, in fixed buckets: one more costs a short search and no memory.
public struct DatabaseHistogram: Hashable, Sendable {
    /// The largest observation of each bucket, growing; one more bucket holds what is larger.
    public let bounds: [Double]
    /// One more than there are bounds; not cumulative.
    public private(set) var counts: [Int]
    public private(set) var sum = 0.0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }

    /// For how long something takes that waits for a disk, in seconds.
    static var durations: Self {
        Self(bounds: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5])
    }

    /// For how many there are of something.
    static var sizes: Self { Self(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256]) }
}

extension Duration {
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
