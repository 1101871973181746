/// How often a rule's period comes (RFC 5545, FREQ). Minutes and seconds are not supported: nobody books a room every minute.
public enum Frequency: String, Hashable, Sendable, CaseIterable {
    case yearly = "YEARLY"
    case monthly = "MONTHLY"
    case weekly = "WEEKLY"
    case daily = "DAILY"
    case hourly = "HOURLY"
}

/// A day of the week; the raw value is that of ISO 8601, 1 for Monday to 7 for Sunday.
public enum Weekday: Int, Hashable, Sendable, CaseIterable {
    case monday = 1
    case tuesday, wednesday, thursday, friday, saturday, sunday

    /// As iCalendar writes it, `MO`.
    public var code: String { Self.codes[rawValue - 1] }

    /// Nil for anything but the seven codes in capitals.
    public init?(code: some StringProtocol) {
        guard let index = Self.codes.firstIndex(where: { $0 == code }) else { return nil }
        self.init(rawValue: index + 1)
    }

    private static let codes = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
}

/// A weekday of BYDAY: every one of the period, or the first (`1MO`), the last (`-1FR`), ….
public struct OrdinalWeekday: Hashable, Sendable, CustomStringConvertible {
    /// -53 to 53, not 0: counted from the beginning or the end of the month or year; nil for every one.
    public let ordinal: Int?
    public let weekday: Weekday

    public init(_ weekday: Weekday, ordinal: Int? = nil) {
        self.ordinal = ordinal
        self.weekday = weekday
    }

    public var description: String { (ordinal.map { String($0) } ?? "") + weekday.code }
}
