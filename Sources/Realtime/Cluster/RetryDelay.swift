/// How long to wait before the next attempt at what has failed: doubled each time, and spread so that the nodes of a cluster do not come at
/// once.
struct RetryDelay {
    let firstMilliseconds: Int
    let longestMilliseconds: Int

    private(set) var failures = 0

    init(firstMilliseconds: Int, longestMilliseconds: Int) {
        self.firstMilliseconds = firstMilliseconds
        self.longestMilliseconds = longestMilliseconds
    }

    /// - Parameter random: a number in the range.
    /// - Returns: milliseconds.
    mutating func next(_ random: (Range<Int>) -> Int) -> Int {
        let full = min(longestMilliseconds, firstMilliseconds << min(failures, 10))
        failures += 1
        return random(full / 2..<full + 1)
    }

    mutating func succeeded() { failures = 0 }
}
