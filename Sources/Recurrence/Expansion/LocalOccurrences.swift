import Wire

/// When a rule strikes by the wall clock, from its start on and in order, whatever its end says.
///
/// A rule may never strike, as the 30th of February, or rarely: what is looked for ends after ``yearsMax``, some 37,000 days.
struct LocalOccurrences: Sequence, IteratorProtocol {
    static let yearsMax = 100

    private let rule: RecurrenceRule
    private let start: LocalDateTime
    private let filter: DayFilter
    private let lastDay: Int
    private var periods: RulePeriods
    /// Those of the current period, the next one last.
    private var waiting: [LocalDateTime] = []
    private var nextHour: LocalDateTime

    init(_ rule: RecurrenceRule, start: LocalDateTime) {
        self.rule = rule
        self.start = start
        filter = DayFilter(rule, start: start.date)
        lastDay = Swift.min(start.date.daysSinceEpoch + Self.yearsMax * 36_525 / 100, Self.endOfTime)
        periods = RulePeriods(rule, start: start.date)
        nextHour = start
    }

    mutating func next() -> LocalDateTime? {
        if rule.frequency == .hourly { return hour() }
        while waiting.isEmpty {
            guard let days = periods.next(), days.lowerBound <= lastDay else { return nil }
            waiting = occurrences(in: days).reversed()
        }
        return waiting.removeLast()
    }

    private static let endOfTime = CivilDate(year: 9_999, month: 12, day: 31)?.daysSinceEpoch ?? 0

    private func occurrences(in days: Range<Int>) -> [LocalDateTime] {
        let admitted = days.map(LocalDate.init(daysSinceEpoch:)).filter(filter.admits)
        return chosen(of: admitted)
            .filter { $0.daysSinceEpoch <= lastDay }
            .map { LocalDateTime(secondsSinceEpoch: Int64($0.daysSinceEpoch * 86_400 + start.secondOfDay)) }
            .filter { $0 >= start }
    }

    private func chosen(of days: [LocalDate]) -> [LocalDate] {
        if rule.setPositions.isEmpty { return days }
        let indices = rule.setPositions.map { $0 > 0 ? $0 - 1 : days.count + $0 }
        return Set(indices).sorted().filter(days.indices.contains).map { days[$0] }
    }

    /// Hours go on through the night, so their periods are no days; what is not admitted is passed over a day at a time.
    private mutating func hour() -> LocalDateTime? {
        let step = Int64(rule.interval) * 3_600
        while nextHour.date.daysSinceEpoch <= lastDay {
            let hour = nextHour
            if filter.admits(hour.date) {
                nextHour = hour.advanced(bySeconds: step)
                return hour
            }
            let rest = Int64(86_400 - hour.secondOfDay)
            nextHour = hour.advanced(bySeconds: (rest + step - 1) / step * step)
        }
        return nil
    }
}
