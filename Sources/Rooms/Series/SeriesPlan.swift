import Core
import Recurrence
import Wire

/// The dates that a rule means, as intervals. The rule is unfolded by the wall clock; each lasts equally long, also when the clock is
/// changed in the middle.
struct SeriesPlan {
    struct Date: Hashable {
        let local: LocalDateTime
        let interval: Interval
    }

    /// Dates of one series.
    static let datesMax = RecurrenceRule.occurrencesMax

    let dates: [Date]
    /// Local times that do not exist: they are no dates and are not counted.
    let gaps: [LocalDateTime]

    /// - Throws: ``SeriesError/endless``, ``SeriesError/never``, ``RoomError/unknownTimeZone``.
    init(_ start: LocalDateTime, _ rule: RecurrenceRule, minutes: Int, in zone: String, _ timeZones: any TimeZones) throws {
        guard let rules = try? timeZones.rules(of: zone) else { throw RoomError.unknownTimeZone }
        let expansion = try RecurringSeries(start: start, rule: rule).expand(in: rules)
        guard expansion.isComplete else { throw SeriesError.endless }
        guard !expansion.occurrences.isEmpty else { throw SeriesError.never }
        dates = expansion.occurrences.map { occurrence in
            let end = occurrence.instant.advanced(bySeconds: Int64(minutes) * 60)
            return Date(local: occurrence.local, interval: Interval(start: occurrence.instant, end: end))
        }
        gaps = expansion.gaps
    }
}

extension SeriesPlan {
    init(_ draft: SeriesDraft, _ timeZones: any TimeZones) throws {
        try self.init(draft.startTime, draft.rule, minutes: draft.durationMinutes, in: draft.timeZone, timeZones)
    }
}

extension SeriesDate {
    init(_ date: SeriesPlan.Date, _ reservation: RoomReservation.ID?) {
        self.init(
            date: date.local, startTime: Timestamp(date.interval.start), endTime: Timestamp(date.interval.end),
            reservationId: reservation, conflicts: nil
        )
    }

    init(_ date: SeriesPlan.Date, _ reservation: RoomReservation.ID?, conflicts: [Interval]) {
        self.init(
            date: date.local, startTime: Timestamp(date.interval.start), endTime: Timestamp(date.interval.end),
            reservationId: reservation, conflicts: conflicts.prefix(Self.conflictsMax).map(SeriesConflict.init)
        )
    }

    /// As many are listed for a date as a person reads.
    static let conflictsMax = 5
}
