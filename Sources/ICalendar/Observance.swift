import Core
import Recurrence
import Wire

/// From when to when the rules of a zone have to be known; without an end, for ever.
struct ObservedSpan {
    let start: Instant
    let end: Instant?

    func union(_ other: ObservedSpan) -> ObservedSpan {
        let end: Instant? = if let mine = end, let others = other.end { max(mine, others) } else { nil }
        return ObservedSpan(start: min(start, other.start), end: end)
    }
}

/// A STANDARD or DAYLIGHT of a VTIMEZONE (RFC 5545, section 3.6.5): a change of the clock and when it happened.
struct Observance: Hashable {
    /// By the clock before the change, ascending; at least one.
    var onsets: [LocalDateTime]
    let before: ZoneOffset
    let after: ZoneOffset
    /// When it comes again after the last onset, every year.
    let rule: RecurrenceRule?
}

extension ZoneRules {
    /// Changes that are listed one by one for a zone without a rule that iCalendar can tell; of Morocco's, which follow the moon, a century.
    static let listedChangesMax = 200

    /// The changes that one has to know to read local times of the span: the one before it, those in it, and from then on the zone's annual
    /// rule where it has one.
    func observances(in span: ObservedSpan) -> [Observance] {
        var listed: [Observance] = []
        var next = lastChange(through: span.start)
        if next == nil {
            // Nothing came before: what holds is written as if it had begun then.
            let offset = offset(at: span.start)
            let onset = LocalDateTime(secondsSinceEpoch: Swift.min(0, span.start.wholeSeconds - 86_400))
            listed.append(Observance(onsets: [onset], before: offset, after: offset, rule: nil))
            next = nextChange(after: span.start)
        }
        let annualSince = annualSince ?? .max
        var count = 0
        while let change = next, count < Self.listedChangesMax, span.end.map({ change.second <= $0.wholeSeconds }) ?? true {
            if change.second >= annualSince, let annual = annualObservances(from: change) { return listed + annual }
            listed.add(change)
            count += 1
            next = nextChange(after: Instant(microseconds: change.second * 1_000_000))
        }
        return listed
    }

    /// The two changes that come every year, from the first of them on; nil where no RRULE can tell them.
    private func annualObservances(from first: ZoneChange) -> [Observance]? {
        guard let daylight = footer?.daylightSaving, let start = daylight.start.rule, let end = daylight.end.rule,
            let second = nextChange(after: Instant(microseconds: first.second * 1_000_000))
        else { return nil }
        return [first, second].map { change in
            Observance(
                onsets: [change.onset], before: change.before, after: change.after, rule: change.after == daylight.offset ? start : end)
        }
    }
}

extension [Observance] {
    /// One like it that was already there gets a further onset.
    fileprivate mutating func add(_ change: ZoneChange) {
        if let index = firstIndex(where: { $0.before == change.before && $0.after == change.after }) {
            self[index].onsets.append(change.onset)
        } else {
            append(Observance(onsets: [change.onset], before: change.before, after: change.after, rule: nil))
        }
    }
}

extension ZoneChange {
    /// By the clock that ends.
    fileprivate var onset: LocalDateTime { LocalDateTime(secondsSinceEpoch: second + Int64(before.seconds)) }
}

extension AnnualMoment {
    /// The day as an RRULE; nil where none can tell it. The time of day is that of the DTSTART.
    fileprivate var rule: RecurrenceRule? {
        // RFC 9636 lets a time lie outside of its day: `M3.4.4/26` is two in the morning after the fourth Thursday.
        let days = Int(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400)
        switch day {
        case .weekday(let month, let week, let fromSunday):
            guard let weekday = Weekday(rawValue: (fromSunday + days + 13) % 7 + 1) else { return nil }
            if days == 0 {
                let ordinal = OrdinalWeekday(weekday, ordinal: week == 5 ? -1 : week)
                return try? RecurrenceRule(.yearly, months: [month], weekdays: [ordinal])
            }
            // The week in which it falls, moved along.
            let week = week == 5 ? (-7 + days)...(-1 + days) : (week * 7 - 6 + days)...(week * 7 + days)
            let length = CivilDate.daysIn(month: month, of: 2_001)
            guard week.lowerBound >= 1 && week.upperBound <= length || week.lowerBound >= -length && week.upperBound <= -1 else {
                return nil
            }
            return try? RecurrenceRule(.yearly, months: [month], monthDays: Array(week), weekdays: [OrdinalWeekday(weekday)])
        case .ofCommonYear(let day):
            guard days == 0, let first = CivilDate(year: 2_001, month: 1, day: 1) else { return nil }
            let date = CivilDate(daysSinceEpoch: first.daysSinceEpoch + day - 1)
            return try? RecurrenceRule(.yearly, months: [date.month], monthDays: [date.day])
        case .ofYear: return nil
        }
    }
}

extension ContentLines {
    mutating func add(_ zone: String, observances: [Observance]) {
        component("VTIMEZONE") { lines in
            lines.add("TZID", zone)
            for observance in observances { lines.add(observance) }
        }
    }

    private mutating func add(_ observance: Observance) {
        component(observance.after.isDaylightSaving ? "DAYLIGHT" : "STANDARD") { lines in
            for onset in observance.onsets.prefix(1) { lines.add("DTSTART", onset.basic) }
            lines.add("TZOFFSETFROM", observance.before.iCalendar)
            lines.add("TZOFFSETTO", observance.after.iCalendar)
            lines.add("TZNAME", text: observance.after.abbreviation)
            if let rule = observance.rule { lines.add("RRULE", rule.description) }
            let others = observance.onsets.dropFirst()
            if !others.isEmpty { lines.add("RDATE", others.map(\.basic).joined(separator: ",")) }
        }
    }
}

extension ZoneOffset {
    /// `+0100`, with seconds where there are any (RFC 5545, section 3.3.14).
    fileprivate var iCalendar: String {
        let parts = [abs(seconds) / 3_600, abs(seconds) / 60 % 60] + (seconds % 60 == 0 ? [] : [abs(seconds) % 60])
        return (seconds < 0 ? "-" : "+") + parts.map { ($0 < 10 ? "0" : "") + String($0) }.joined()
    }
}
