/// A day on somebody's wall calendar, without a zone: `2026-07-01`.
public struct LocalDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01; dates of RFC 3339 (years 0-9999) only.
    public let daysSinceEpoch: Int

    public init(daysSinceEpoch: Int) { self.daysSinceEpoch = daysSinceEpoch }

    /// Nil unless the three name a day that exists.
    public init?(year: Int, month: Int, day: Int) {
        guard let date = CivilDate(year: year, month: month, day: day) else { return nil }
        daysSinceEpoch = date.daysSinceEpoch
    }

    /// Reads `YYYY-MM-DD`, nothing looser.
    public init?(_ text: String) {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"), let day = reader.number(2),
            reader.isAtEnd
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    public var civil: CivilDate { CivilDate(daysSinceEpoch: daysSinceEpoch) }

    public static func < (left: LocalDate, right: LocalDate) -> Bool { left.daysSinceEpoch < right.daysSinceEpoch }

    public func advanced(byDays days: Int) -> LocalDate { LocalDate(daysSinceEpoch: daysSinceEpoch + days) }

    /// 1 for Monday to 7 for Sunday (ISO 8601).
    public var weekday: Int { ((daysSinceEpoch + 3) % 7 + 7) % 7 + 1 }
}

extension LocalDate: Codable, CustomStringConvertible {
    public var description: String {
        String(unsafeUninitializedCapacity: Self.textBytes) { write(into: $0) }
    }

    static let textBytes = 10

    /// Writes the ``description`` in ASCII and answers its length; `buffer` holds at least ``textBytes`` bytes.
    func write(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var writer = DigitWriter(buffer)
        writer.write(civil)
        return writer.length
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let date = LocalDate(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a date such as 2026-07-01")
        }
        self = date
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
