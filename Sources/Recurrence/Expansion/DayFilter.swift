import Wire

/// Which days a rule lets through; where the rule leaves it open, the start decides.
struct DayFilter {
    /// Bit 1 is January, bit 0 is unused, and so on below: a set of a few small numbers, asked about tens of thousands of days.
    private var months: UInt16 = 0
    private var monthDays: UInt32 = 0
    private var monthDaysFromEnd: UInt32 = 0
    private var weekdays: UInt8 = 0
    private var ordinals: [OrdinalWeekday] = []
    private var ordinalsCountInYear = false

    init(_ rule: RecurrenceRule, start: LocalDate) {
        for month in rule.months { months |= 1 << month }
        for day in rule.monthDays { if day > 0 { monthDays |= 1 << day } else { monthDaysFromEnd |= 1 << -day } }
        for day in rule.weekdays { if day.ordinal == nil { weekdays |= 1 << day.weekday.rawValue } else { ordinals.append(day) } }
        ordinalsCountInYear = rule.frequency == .yearly && rule.months.isEmpty
        guard rule.monthDays.isEmpty, rule.weekdays.isEmpty else { return }
        switch rule.frequency {
        case .yearly:
            if rule.months.isEmpty { months = 1 << start.civil.month }
            monthDays = 1 << start.civil.day
        case .monthly: monthDays = 1 << start.civil.day
        case .weekly: weekdays = 1 << start.weekday
        case .daily, .hourly: break
        }
    }

    func admits(_ date: LocalDate) -> Bool {
        let civil = date.civil
        if months != 0, months >> civil.month & 1 == 0 { return false }
        if monthDays | monthDaysFromEnd != 0 {
            let fromEnd = CivilDate.daysIn(month: civil.month, of: civil.year) - civil.day + 1
            if monthDays >> civil.day & 1 == 0, monthDaysFromEnd >> fromEnd & 1 == 0 { return false }
        }
        if weekdays == 0, ordinals.isEmpty { return true }
        return weekdays >> date.weekday & 1 == 1 || ordinals.contains { matches($0, date, civil) }
    }

    private func matches(_ day: OrdinalWeekday, _ date: LocalDate, _ civil: CivilDate) -> Bool {
        guard let ordinal = day.ordinal, day.weekday.rawValue == date.weekday else { return false }
        let (place, length) =
            ordinalsCountInYear ? Self.placeInYear(date, civil) : (civil.day, CivilDate.daysIn(month: civil.month, of: civil.year))
        return ordinal == (place - 1) / 7 + 1 || ordinal == -((length - place) / 7 + 1)
    }

    private static func placeInYear(_ date: LocalDate, _ civil: CivilDate) -> (place: Int, length: Int) {
        let isLeap = CivilDate.daysIn(month: 2, of: civil.year) == 29
        let first = CivilDate(year: civil.year, month: 1, day: 1)?.daysSinceEpoch ?? date.daysSinceEpoch
        return (date.daysSinceEpoch - first + 1, isLeap ? 366 : 365)
    }
}
