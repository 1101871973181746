import Core
import Wire

/// The days that a timeline shows.
enum TimelineSpan: String, Codable, CaseIterable, Sendable {
    case day
    /// From Monday to Sunday.
    case week
}

/// Days of a room's wall calendar; both ends belong to it.
struct TimelineDays {
    let start: LocalDate
    let end: LocalDate
    /// From the first midnight to the last, on the room's wall clock.
    let interval: Interval

    /// - Throws: `LocalTimeError`.
    init(_ span: TimelineSpan, around date: LocalDate, in zone: String, _ timeZones: any TimeZones) throws {
        switch span {
        case .day: (start, end) = (date, date)
        case .week:
            start = date.advanced(byDays: 1 - date.weekday)
            end = start.advanced(byDays: 6)
        }
        let rules = try timeZones.rules(of: zone)
        // Where the clock is moved forward at midnight the day begins later.
        interval = Interval(
            start: try rules.instant(of: LocalDateTime(midnightBefore: start), onGap: .shift),
            end: try rules.instant(of: LocalDateTime(midnightBefore: end.advanced(byDays: 1)), onGap: .shift)
        )
    }
}

extension LocalDateTime {
    fileprivate init(midnightBefore date: LocalDate) { self.init(secondsSinceEpoch: Int64(date.daysSinceEpoch) * 86_400) }
}
