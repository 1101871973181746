/// A half-open stretch of time: `start` belongs to it, `end` does not, so 10-11 and 11-12 do not overlap.
public struct Interval: Codable, Hashable, Sendable {
    public let start: Instant
    public let end: Instant

    /// An interval that ends where it starts or before is empty and overlaps nothing; services refuse it.
    public init(start: Instant, end: Instant) {
        self.start = start
        self.end = end
    }

    public func overlaps(_ other: Interval) -> Bool { start < other.end && other.start < end }

    public func contains(_ instant: Instant) -> Bool { start <= instant && instant < end }
}
