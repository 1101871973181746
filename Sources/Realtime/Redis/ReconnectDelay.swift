/// How long to wait before the next attempt to connect: doubled each time, and spread so that the nodes of a cluster do not come at once.
struct ReconnectDelay {
    static let firstMilliseconds = 50
    static let longestMilliseconds = 1_000

    private(set) var failures = 0

    /// - Parameter random: a number in the range.
    /// - Returns: milliseconds.
    mutating func next(_ random: (Range<Int>) -> Int) -> Int {
        let full = min(Self.longestMilliseconds, Self.firstMilliseconds << min(failures, 10))
        failures += 1
        return random(full / 2..<full + 1)
    }

    mutating func connected() { failures = 0 }
}
