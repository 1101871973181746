extension LocalDateTime {
    /// The basic form of ISO 8601, which iCalendar uses (RFC 5545, section 3.3.5): `20260701T090000`.
    public var basic: String {
        String(unsafeUninitializedCapacity: 15) { buffer in
            var writer = DigitWriter(buffer)
            let civil = date.civil
            writer.write(civil.year, width: 4)
            writer.write(civil.month, width: 2)
            writer.write(civil.day, width: 2)
            writer.write("T")
            writer.write(secondOfDay / 3_600, width: 2)
            writer.write(secondOfDay / 60 % 60, width: 2)
            writer.write(secondOfDay % 60, width: 2)
            return writer.length
        }
    }

    /// Reads `YYYYMMDDTHHMMSS`, nothing looser.
    public init?(basic text: String) {
        var reader = DigitReader(text)
        self.init(basic: &reader)
        guard reader.isAtEnd else { return nil }
    }

    fileprivate init?(basic reader: inout DigitReader) {
        guard let year = reader.number(4), let month = reader.number(2), let day = reader.number(2),
            let date = LocalDate(year: year, month: month, day: day), reader.skip("T"),
            let hour = reader.number(2), hour < 24, let minute = reader.number(2), minute < 60, let second = reader.number(2), second < 60
        else { return nil }
        self.init(secondsSinceEpoch: Int64(date.daysSinceEpoch * 86_400 + hour * 3_600 + minute * 60 + second))
    }
}

extension Instant {
    /// The basic form of ISO 8601 in UTC, in whole seconds: `20260701T010000Z`.
    public var basic: String { LocalDateTime(secondsSinceEpoch: wholeSeconds).basic + "Z" }

    /// Reads `YYYYMMDDTHHMMSSZ`, nothing looser.
    public init?(basic text: String) {
        var reader = DigitReader(text)
        guard let utc = LocalDateTime(basic: &reader), reader.skip("Z"), reader.isAtEnd else { return nil }
        self.init(microseconds: utc.secondsSinceEpoch * 1_000_000)
    }

    /// Seconds since 1970, rounded down also before.
    public var wholeSeconds: Int64 { microseconds >= 0 ? microseconds / 1_000_000 : (microseconds + 1) / 1_000_000 - 1 }
}
