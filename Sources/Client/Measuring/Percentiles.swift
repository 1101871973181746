/// A set of measured times, asked for its percentiles.
public struct Percentiles: Sendable {
    private let sorted: [Duration]

    public init(_ samples: some Sequence<Duration>) {
        sorted = samples.sorted()
    }

    public var count: Int { sorted.count }

    /// By nearest rank: the smallest sample that at least so many percent of all do not exceed. Nil without samples.
    ///
    /// - Parameter percent: 0 (the smallest) to 100 (the largest); beyond is taken as the end.
    public subscript(_ percent: Double) -> Duration? {
        guard !sorted.isEmpty else { return nil }
        let rank = (min(max(percent, 0), 100) / 100 * Double(sorted.count)).rounded(.up)
        return sorted[max(Int(rank), 1) - 1]
    }
}
