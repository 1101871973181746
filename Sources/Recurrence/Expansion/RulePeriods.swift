import Wire

/// The periods that a rule looks at, one after the other: every second week, every third month.
struct RulePeriods {
    private let rule: RecurrenceRule
    private let start: LocalDate
    private var index = 0

    init(_ rule: RecurrenceRule, start: LocalDate) {
        self.rule = rule
        self.start = start
    }

    /// The days of the next period; nil after the year 9999.
    mutating func next() -> Range<Int>? {
        let distance = index * rule.interval
        index += 1
        let civil = start.civil
        switch rule.frequency {
        case .yearly: return Self.days(fromMonth: (civil.year + distance) * 12, count: 12)
        case .monthly: return Self.days(fromMonth: civil.year * 12 + civil.month - 1 + distance, count: 1)
        case .weekly:
            // A week before the start's own days can be in it, too: what comes too early is left out later.
            let first = start.daysSinceEpoch - (start.weekday - rule.weekStart.rawValue + 7) % 7 + distance * 7
            return first..<first + 7
        case .daily, .hourly:
            let day = start.daysSinceEpoch + distance
            return day..<day + 1
        }
    }

    private static func days(fromMonth month: Int, count: Int) -> Range<Int>? {
        guard let first = CivilDate(year: month / 12, month: month % 12 + 1, day: 1),
            let last = CivilDate(year: (month + count - 1) / 12, month: (month + count - 1) % 12 + 1, day: 1)
        else { return nil }
        return first.daysSinceEpoch..<last.daysSinceEpoch + CivilDate.daysIn(month: last.month, of: last.year)
    }
}
