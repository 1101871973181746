import Foundation

/// A point in time: whole microseconds since 1970-01-01T00:00:00Z.
///
/// On the wire it is RFC 3339 in UTC (`2026-07-01T01:00:00Z`, a fraction only where there is one), in the database a `BIGINT`.
public struct Instant: Hashable, Comparable, Sendable {
    /// Microseconds since the epoch; negative before 1970.
    public let microseconds: Int64

    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// A `Date` rounded to the nearest microsecond; the client and the bridges to Foundation use it.
    public init(_ date: Date) {
        microseconds = Int64((date.timeIntervalSince1970 * 1_000_000).rounded())
    }

    public var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }

    public static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    /// The instant so many seconds later (earlier when negative).
    public func advanced(bySeconds seconds: Int64) -> Instant { Instant(microseconds: microseconds + seconds * 1_000_000) }

    /// Whole seconds from `other` to this instant, rounded towards zero.
    public func seconds(since other: Instant) -> Int64 { (microseconds - other.microseconds) / 1_000_000 }
}

extension Instant: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let instant = Instant(rfc3339: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected an RFC 3339 instant such as 2026-07-01T01:00:00Z")
        }
        self = instant
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rfc3339)
    }
}
