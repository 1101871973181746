import Wire

/// The same every year: standard time and, between two dates, daylight saving time. What the footer of a TZif file says in the words of POSIX
/// (`CET-1CEST,M3.5.0,M10.5.0/3`).
public struct AnnualClock: Hashable, Sendable {
    /// The other offset of the year, and when it begins and ends.
    public struct DaylightSaving: Hashable, Sendable {
        public let offset: ZoneOffset
        /// By the wall clock of standard time.
        public let start: AnnualMoment
        /// By the wall clock of daylight saving time.
        public let end: AnnualMoment
    }

    public let standard: ZoneOffset
    public let daylightSaving: DaylightSaving?

    func offset(atSecond second: Int64) -> ZoneOffset { lastChange(throughSecond: second)?.after ?? standard }

    func nextChange(afterSecond second: Int64) -> ZoneChange? {
        boundaries(around: second).filter { $0.second > second }.min().map(change)
    }

    func lastChange(throughSecond second: Int64) -> ZoneChange? {
        boundaries(around: second).filter { $0.second <= second }.max().map(change)
    }

    private struct Boundary: Comparable {
        let second: Int64
        let isStart: Bool

        /// Where an end meets the next start, as in a daylight saving time that never ends, the start has the last word.
        static func < (left: Boundary, right: Boundary) -> Bool {
            left.second != right.second ? left.second < right.second : !left.isStart && right.isStart
        }
    }

    /// Those of the year and of its neighbours: by the wall clock it can be another year than by UTC, and a rule may reach into it.
    private func boundaries(around second: Int64) -> [Boundary] {
        guard let daylightSaving else { return [] }
        let year = LocalDateTime(secondsSinceEpoch: second).date.civil.year
        var boundaries: [Boundary] = []
        boundaries.reserveCapacity(6)
        for year in year - 1...year + 1 {
            boundaries.append(Boundary(second: daylightSaving.start.second(of: year) - Int64(standard.seconds), isStart: true))
            boundaries.append(Boundary(second: daylightSaving.end.second(of: year) - Int64(daylightSaving.offset.seconds), isStart: false))
        }
        return boundaries
    }

    private func change(at boundary: Boundary) -> ZoneChange {
        let offset = daylightSaving?.offset ?? standard
        return ZoneChange(
            second: boundary.second, before: boundary.isStart ? standard : offset, after: boundary.isStart ? offset : standard)
    }
}

/// A wall time that comes once a year.
public struct AnnualMoment: Hashable, Sendable {
    /// A day that every year has.
    public enum Day: Hashable, Sendable {
        /// 1 to 365; the 29th of February is not counted.
        case ofCommonYear(Int)
        /// 0 to 365; the 29th of February is counted.
        case ofYear(Int)
        /// Weekday 0 is Sunday; week 5 is the last.
        case weekday(month: Int, week: Int, weekday: Int)
    }

    public let day: Day
    /// From the midnight that begins the day; RFC 9636 lets it reach a week back or ahead.
    public let seconds: Int64

    /// By the wall clock, in seconds since its 1970.
    func second(of year: Int) -> Int64 { Int64(daysSinceEpoch(in: year)) * 86_400 + seconds }

    private func daysSinceEpoch(in year: Int) -> Int {
        switch day {
        case .ofCommonYear(let day):
            let isAfterLeapDay = day >= 60 && CivilDate(year: year, month: 2, day: 29) != nil
            return Self.firstDay(of: 1, in: year) + day - (isAfterLeapDay ? 0 : 1)
        case .ofYear(let day):
            return Self.firstDay(of: 1, in: year) + day
        case .weekday(let month, let week, let weekday):
            let first = Self.firstDay(of: month, in: year)
            let next = month == 12 ? Self.firstDay(of: 1, in: year + 1) : Self.firstDay(of: month + 1, in: year)
            let candidate = first + (weekday - LocalDate(daysSinceEpoch: first).weekday % 7 + 7) % 7 + (week - 1) * 7
            return candidate < next ? candidate : candidate - 7
        }
    }

    /// A clock may be asked about any instant, so the year may be none of those that a date is made of: the calendar repeats every 400.
    private static func firstDay(of month: Int, in year: Int) -> Int {
        let era = (year >= 0 ? year : year - 399) / 400
        let date = CivilDate(year: year - era * 400, month: month, day: 1)
        return (date?.daysSinceEpoch ?? 0) + era * 146_097
    }
}
