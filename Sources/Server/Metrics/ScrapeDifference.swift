/// Two looks at the same server: what happened in between.
struct ScrapeDifference {
    let now: Scrape
    /// Nil at the first look.
    let before: Scrape?
    /// Between the two.
    let seconds: Double

    /// How much a counter grew in a second; nil at the first look, and where the server was started anew in between.
    func rate(_ name: String, where labels: [String: String] = [:]) -> Double? {
        guard let before, seconds > 0, let count = now.sum(name, where: labels) else { return nil }
        let growth = count - (before.sum(name, where: labels) ?? 0)
        return growth < 0 ? nil : growth / seconds
    }

    /// The duration that a share of the observations in between did not exceed; of all observations at the first look. Nil where there was
    /// none, infinite where it lies beyond the last bound.
    func quantile(_ share: Double, of name: String, where labels: [String: String] = [:]) -> Double? {
        let earlier = Dictionary(uniqueKeysWithValues: (before?.buckets(name, where: labels) ?? []).map { ($0.bound, $0.count) })
        let buckets = now.buckets(name, where: labels).map { (bound: $0.bound, count: $0.count - (earlier[$0.bound] ?? 0)) }
        guard let total = buckets.last?.count, total > 0 else { return nil }
        let rank = share * total
        guard let index = buckets.firstIndex(where: { $0.count >= rank }) else { return nil }
        let lower = index > 0 ? buckets[index - 1] : (bound: 0, count: 0)
        let upper = buckets[index]
        guard upper.bound.isFinite, upper.count > lower.count else { return upper.bound }
        // As if the observations of a bucket were spread evenly over it.
        return lower.bound + (upper.bound - lower.bound) * (rank - lower.count) / (upper.count - lower.count)
    }

    /// The mean of a histogram's observations in between; of all at the first look.
    func mean(_ name: String, where labels: [String: String] = [:]) -> Double? {
        func growth(_ suffix: String) -> Double {
            (now.sum(name + suffix, where: labels) ?? 0) - (before?.sum(name + suffix, where: labels) ?? 0)
        }
        let count = growth("_count")
        return count > 0 ? growth("_sum") / count : nil
    }
}
