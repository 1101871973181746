import Wire

/// When something comes again (RFC 5545, section 3.3.10), as far as bookings need it: `FREQ=WEEKLY;BYDAY=TU,TH;COUNT=20`.
///
/// A rule alone says nothing of a time of day or a zone: it is unfolded from a start, on that wall clock (``RecurringSeries``).
public struct RecurrenceRule: Hashable, Sendable {
    public enum End: Hashable, Sendable {
        case never
        /// So many occurrences, 1 to ``RecurrenceRule/occurrencesMax``.
        case count(Int)
        /// None that begins later.
        case until(Instant)
    }

    /// Occurrences of one series; two years of days.
    public static let occurrencesMax = 730
    /// The largest INTERVAL.
    public static let intervalMax = 1_000

    public let frequency: Frequency
    /// Every so many periods, 1 to ``intervalMax``.
    public let interval: Int
    public let end: End
    /// 1 to 12, ascending; empty for any.
    public let months: [Int]
    /// 1 to 31 from the beginning of the month, -1 to -31 from its end, ascending; empty for any.
    public let monthDays: [Int]
    /// Empty for any.
    public let weekdays: [OrdinalWeekday]
    /// Which of a period's occurrences count, 1 to 366 from the first, -1 to -366 from the last, ascending; empty for all.
    public let setPositions: [Int]
    /// Where weeks begin: matters to every second week.
    public let weekStart: Weekday

    /// - Throws: ``RecurrenceError`` for a part that is out of range or that contradicts another.
    public init(
        _ frequency: Frequency, interval: Int = 1, end: End = .never, months: [Int] = [], monthDays: [Int] = [],
        weekdays: [OrdinalWeekday] = [], setPositions: [Int] = [], weekStart: Weekday = .monday
    ) throws(RecurrenceError) {
        self.frequency = frequency
        self.interval = interval
        self.end = end
        self.months = Set(months).sorted()
        self.monthDays = Set(monthDays).sorted()
        self.weekdays = Set(weekdays).sorted { ($0.weekday.rawValue, $0.ordinal ?? 0) < ($1.weekday.rawValue, $1.ordinal ?? 0) }
        self.setPositions = Set(setPositions).sorted()
        self.weekStart = weekStart
        try checkRanges()
        try checkTogether()
    }

    /// The same rule with another end, as when a series is cut in two.
    ///
    /// - Throws: ``RecurrenceError``.
    public func ending(_ end: End) throws(RecurrenceError) -> RecurrenceRule {
        try RecurrenceRule(
            frequency, interval: interval, end: end, months: months, monthDays: monthDays, weekdays: weekdays, setPositions: setPositions,
            weekStart: weekStart
        )
    }

    private func checkRanges() throws(RecurrenceError) {
        guard (1...Self.intervalMax).contains(interval) else { throw .range("INTERVAL", "1 to \(Self.intervalMax)") }
        if case .count(let count) = end, !(1...Self.occurrencesMax).contains(count) { throw .range("COUNT", "1 to \(Self.occurrencesMax)") }
        guard months.allSatisfy((1...12).contains) else { throw .range("BYMONTH", "1 to 12") }
        guard monthDays.allSatisfy({ (1...31).contains(abs($0)) }) else { throw .range("BYMONTHDAY", "1 to 31 or -31 to -1") }
        guard weekdays.allSatisfy({ $0.ordinal.map { (1...53).contains(abs($0)) } ?? true }) else {
            throw .range("BYDAY", "ordinals of 1 to 53 or -53 to -1")
        }
        guard setPositions.allSatisfy({ (1...366).contains(abs($0)) }) else { throw .range("BYSETPOS", "1 to 366 or -366 to -1") }
    }

    private func checkTogether() throws(RecurrenceError) {
        let isAmongMany = frequency == .monthly || frequency == .yearly
        if !isAmongMany, weekdays.contains(where: { $0.ordinal != nil }) {
            throw RecurrenceError(.contradiction, "BYDAY", "ordinals such as 1MO go with MONTHLY and YEARLY only.")
        }
        if frequency == .weekly, !monthDays.isEmpty {
            throw RecurrenceError(.contradiction, "BYMONTHDAY", "it does not go with WEEKLY.")
        }
        guard !setPositions.isEmpty else { return }
        if frequency == .daily || frequency == .hourly {
            throw RecurrenceError(.unsupported, "BYSETPOS", "a day or an hour has one occurrence.")
        }
        if weekdays.isEmpty, monthDays.isEmpty, months.isEmpty {
            throw RecurrenceError(.contradiction, "BYSETPOS", "it needs BYDAY, BYMONTHDAY or BYMONTH to choose from.")
        }
    }
}

extension RecurrenceError {
    static func range(_ part: String, _ range: String) -> Self { Self(.malformed, part, "expected \(range).") }
}
