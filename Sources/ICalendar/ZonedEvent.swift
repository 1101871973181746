import Core
import Recurrence
import Wire

/// An event with the rules of its zone.
struct ZonedEvent {
    let event: CalendarEvent
    /// Nil where the event keeps UTC.
    let zone: String?
    /// When the first one starts and ends.
    let interval: Interval
    private let rules: ZoneRules

    /// - Throws: ``LocalTimeError``.
    init(_ event: CalendarEvent, _ zones: any TimeZones) throws(LocalTimeError) {
        self.event = event
        zone = event.zone == "UTC" ? nil : event.zone
        rules = if let zone { try zones.rules(of: zone) } else { .utc }
        switch event.timing {
        case .once(let interval), .exception(let interval, replacing: _): self.interval = interval
        case .series(let series, let seconds):
            let start = try rules.instant(of: series.start)
            interval = Interval(start: start, end: start.advanced(bySeconds: seconds))
        }
    }

    /// The time in which the event takes place; open where its series has no last time.
    var span: ObservedSpan {
        switch event.timing {
        case .once: ObservedSpan(start: interval.start, end: interval.end)
        case .exception(_, let replaced):
            ObservedSpan(start: interval.start, end: interval.end).union(around(replaced))
        case .series(let series, let seconds):
            // The last of a number of times is not worth looking for: rules of zones are short.
            series.added.reduce(ObservedSpan(start: interval.start, end: end(of: series)?.advanced(bySeconds: seconds))) {
                $0.union(around($1))
            }
        }
    }

    /// A moment that is written as the property's value, with the zone as a parameter.
    ///
    /// The later instant of a local time that comes twice has no name by the wall clock, and is written in UTC.
    func property(_ name: String, _ instant: Instant) -> (name: String, value: String) {
        let local = rules.local(at: instant)
        guard let zone, (try? rules.instant(of: local)) == instant else { return (name, instant.basic) }
        return ("\(name);TZID=\(zone)", local.basic)
    }

    /// Local times, which may be none of those that exist.
    func property(_ name: String, _ locals: some Collection<LocalDateTime>) -> (name: String, value: String) {
        guard let zone else { return (name, locals.map { $0.basic + "Z" }.joined(separator: ",")) }
        return ("\(name);TZID=\(zone)", locals.map(\.basic).joined(separator: ","))
    }

    private func end(of series: RecurringSeries) -> Instant? {
        if case .until(let last) = series.rule.end { max(last, interval.start) } else { nil }
    }

    private func around(_ local: LocalDateTime) -> ObservedSpan {
        let utc = Instant(microseconds: local.secondsSinceEpoch * 1_000_000)
        return ObservedSpan(start: utc.advanced(bySeconds: -86_400), end: utc.advanced(bySeconds: 86_400))
    }
}

extension ContentLines {
    mutating func add(_ zoned: ZonedEvent) {
        let event = zoned.event
        component("VEVENT") { lines in
            lines.add("UID", text: event.uid)
            lines.add("DTSTAMP", event.changedAt.basic)
            lines.add("LAST-MODIFIED", event.changedAt.basic)
            lines.add("SEQUENCE", "\(event.sequence)")
            lines.add(zoned.property("DTSTART", zoned.interval.start))
            switch event.timing {
            case .once: lines.add(zoned.property("DTEND", zoned.interval.end))
            case .series(let series, let seconds):
                // Of two ends by the wall clock programs would make another length where the clock is changed in the first one.
                lines.add("DURATION", "PT\(seconds)S")
                lines.add("RRULE", series.rule.description)
                if !series.excluded.isEmpty { lines.add(zoned.property("EXDATE", series.excluded.sorted())) }
                if !series.added.isEmpty { lines.add(zoned.property("RDATE", series.added.sorted())) }
            case .exception(_, let replaced):
                lines.add(zoned.property("DTEND", zoned.interval.end))
                lines.add(zoned.property("RECURRENCE-ID", [replaced]))
            }
            lines.add("STATUS", event.status.rawValue)
            lines.add("SUMMARY", text: event.summary)
            if let description = event.description { lines.add("DESCRIPTION", text: description) }
            if let location = event.location { lines.add("LOCATION", text: location) }
            if event.isPrivate { lines.add("CLASS", "PRIVATE") }
        }
    }

    private mutating func add(_ property: (name: String, value: String)) { add(property.name, property.value) }
}
