/// An instant in whole milliseconds, always written with three digits of the fraction: `2025-03-26T14:11:17.850Z`. Some clients compare
/// such texts, or cut them at fixed places.
public struct Timestamp: Hashable, Comparable, Sendable {
    public let instant: Instant

    /// What is left of the millisecond is cut.
    public init(_ instant: Instant) {
        let rest = instant.microseconds % 1_000
        self.instant = Instant(microseconds: instant.microseconds - (rest < 0 ? rest + 1_000 : rest))
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.instant < right.instant }
}

extension Timestamp: Codable, CustomStringConvertible {
    public var description: String {
        let text = instant.rfc3339
        // The longer form has a point and three digits before the zone.
        return text.utf8.dropLast().suffix(4).first == UInt8(ascii: ".") ? text : String(text.dropLast()) + ".000Z"
    }

    public init(from decoder: any Decoder) throws {
        self.init(try Instant(from: decoder))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
