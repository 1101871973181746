/// A date and a time of day on somebody's wall clock, without a zone, to the second: `2026-07-01T09:00:00`.
public struct LocalDateTime: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00 of the same clock; times of RFC 3339 (years 0-9999) only.
    public let secondsSinceEpoch: Int64

    public init(secondsSinceEpoch: Int64) { self.secondsSinceEpoch = secondsSinceEpoch }

    /// `24:00` is midnight of the next day.
    public init(_ date: LocalDate, _ time: LocalTime) {
        secondsSinceEpoch = Int64(date.daysSinceEpoch) * 86_400 + Int64(time.minuteOfDay) * 60
    }

    /// Reads `YYYY-MM-DDTHH:MM` with or without `:SS`, nothing looser.
    public init?(_ text: String) {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"), let day = reader.number(2),
            let date = LocalDate(year: year, month: month, day: day), reader.skip("T"),
            let hour = reader.number(2), hour < 24, reader.skip(":"), let minute = reader.number(2), minute < 60
        else { return nil }
        var second = 0
        if reader.skip(":") {
            guard let read = reader.number(2), read < 60 else { return nil }
            second = read
        }
        guard reader.isAtEnd else { return nil }
        secondsSinceEpoch = Int64(date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second)
    }

    public var date: LocalDate {
        LocalDate(daysSinceEpoch: Int((secondsSinceEpoch >= 0 ? secondsSinceEpoch : secondsSinceEpoch - 86_399) / 86_400))
    }

    /// 0 to 86,399.
    public var secondOfDay: Int { Int(secondsSinceEpoch - Int64(date.daysSinceEpoch) * 86_400) }

    public static func < (left: LocalDateTime, right: LocalDateTime) -> Bool { left.secondsSinceEpoch < right.secondsSinceEpoch }

    public func advanced(bySeconds seconds: Int64) -> LocalDateTime { LocalDateTime(secondsSinceEpoch: secondsSinceEpoch + seconds) }
}

extension LocalDateTime: Codable, CustomStringConvertible {
    public var description: String {
        String(unsafeUninitializedCapacity: 19) { buffer in
            var writer = DigitWriter(buffer)
            writer.write(date.civil)
            writer.write("T")
            writer.write(secondOfDay / 3_600, width: 2)
            writer.write(":")
            writer.write(secondOfDay / 60 % 60, width: 2)
            writer.write(":")
            writer.write(secondOfDay % 60, width: 2)
            return writer.length
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let local = LocalDateTime(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a local time such as 2026-07-01T09:00:00")
        }
        self = local
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
