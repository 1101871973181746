import Core
import ICalendar
import Recurrence
import Wire

extension FeedContents {
    /// Every reservation: a series as its rule, the others one by one.
    ///
    /// - Throws: `LocalTimeError`, `RecurrenceError`.
    func calendar(_ timeZones: any TimeZones) throws -> CalendarFeed {
        let entries = Dictionary(grouping: entries, by: \.series)
        var events = entries[nil, default: []].map(event(alone:))
        for series in series { events += try self.events(of: series, entries[series.id, default: []], timeZones) }
        return CalendarFeed(name: name, events: events)
    }

    /// A series as one event that recurs, with one more for each date that is otherwise than the rule says. Dates on which nothing stands are
    /// excluded; what stands without being meant by the rule is an event by itself.
    private func events(of series: FeedSeries, _ entries: [Entry], _ timeZones: any TimeZones) throws -> [CalendarEvent] {
        // Most programs know no rules by the hour.
        if series.series.rule.frequency == .hourly { return entries.map(event(alone:)) }
        let standing = entries.filter { $0.status != .cancelled }
        let shown = standing.isEmpty ? entries : standing
        // By other rules of its zone than it was made with, a series may have no dates any more.
        guard let rules = try? timeZones.rules(of: series.series.timeZone), let plan = try? SeriesPlan(series.series.draft, timeZones)
        else { return apart(shown) }
        let named = Dictionary(shown.compactMap { entry in entry.reservation.local.map { ($0, entry) } }) { first, _ in first }
        let dates = plan.dates.filter { named[$0.local] != nil }
        guard let first = dates.first, let last = dates.last else { return apart(shown) }
        let meant = (plan.dates.map(\.local) + plan.gaps).filter { first.local < $0 && $0 < last.local }
        let excluded = Set(meant).subtracting(dates.map(\.local))
        guard excluded.count <= RecurringSeries.exceptionsMax else { return apart(shown) }

        let rule = try series.series.rule.ending(.until(last.interval.start))
        let recurring = try RecurringSeries(start: first.local, rule: rule, excluding: excluded)
        // A title that was hidden on every date is not told by the rule.
        let isTold = dates.contains { named[$0.local].map { $0.reservation.label == series.series.title } ?? false }
        let master = event(series, recurring, standing.isEmpty ? .cancelled : .confirmed, isPrivate: series.series.isPrivate || !isTold)
        let changed = dates.compactMap { date in
            named[date.local].flatMap { isAsMeant($0, date, master, rules) ? nil : event($0, insteadOf: date, master) }
        }
        let told = Set(dates.compactMap { named[$0.local]?.reservation.id })
        return [master] + changed + apart(shown.filter { !told.contains($0.reservation.id) })
    }

    /// Whether the rule alone says all of it.
    private func isAsMeant(_ entry: Entry, _ date: SeriesPlan.Date, _ master: CalendarEvent, _ rules: ZoneRules) -> Bool {
        let shown = event(alone: entry)
        // Programs disagree about when a date ends in which the clock is changed.
        let isSteady = rules.nextChange(after: date.interval.start).map { $0.second > date.interval.end.wholeSeconds } ?? true
        return entry.reservation.interval == date.interval && isSteady
            && (shown.summary, shown.description, shown.isPrivate) == (master.summary, master.description, master.isPrivate)
    }

    /// What was a date of a series when it was cancelled has never been shown alone.
    private func apart(_ entries: [Entry]) -> [CalendarEvent] { entries.filter { $0.status != .cancelled }.map(event(alone:)) }

    private func event(alone entry: Entry) -> CalendarEvent {
        let (reservation, detail) = (entry.reservation, entry.reservation.detail)
        let room = rooms[reservation.roomID]
        let texts = texts(detail.title, detail.description, detail.isPrivate)
        return CalendarEvent(
            uid: "room-reservation-\(reservation.id)@ringside", sequence: Int(reservation.version) - 1, changedAt: detail.updatedAt,
            timing: .once(reservation.interval), zone: room?.timeZone, status: entry.status, summary: texts.summary,
            description: texts.description, location: location(room), isPrivate: detail.isPrivate
        )
    }

    private func event(_ entry: Entry, insteadOf date: SeriesPlan.Date, _ master: CalendarEvent) -> CalendarEvent {
        var event = event(alone: entry)
        event.uid = master.uid
        // To some programs an exception of a lower number is out of date.
        event.sequence = master.sequence
        event.zone = master.zone
        event.timing = .exception(entry.reservation.interval, replacing: date.local)
        return event
    }

    private func event(
        _ series: FeedSeries, _ recurring: RecurringSeries, _ status: CalendarEvent.Status, isPrivate: Bool
    ) -> CalendarEvent {
        let (changedAt, series) = (series.changedAt, series.series)
        let texts = texts(series.title, series.description, isPrivate)
        return CalendarEvent(
            // What becomes of its dates changes it as well, and they have versions of their own: what grows with every change is the time.
            uid: "room-series-\(series.id)@ringside", sequence: Int(changedAt.seconds(since: series.createdAt.instant)),
            changedAt: changedAt, timing: .series(recurring, seconds: Int64(series.durationMinutes) * 60), zone: series.timeZone,
            status: status, summary: texts.summary, description: texts.description, location: location(rooms[series.roomId]),
            isPrivate: isPrivate
        )
    }

    /// In a room's calendar, what everybody may know.
    private func texts(_ title: String, _ description: String?, _ isPrivate: Bool) -> (summary: String, description: String?) {
        switch subject {
        case .room: (isPrivate ? ReservationFields.busy : title, nil)
        case .person: (title, description)
        }
    }

    private func location(_ room: RoomRow?) -> String? {
        switch subject {
        case .room: room?.room.location
        case .person: room.map { [$0.room.name, $0.room.location].filter { !$0.isEmpty }.joined(separator: ", ") }
        }
    }
}
