import Accounts
import Core
import ICalendar
import Storage
import Wire

/// What is behind the address of a calendar, as it was at one moment.
struct FeedContents: Sendable {
    /// A reservation, and what it is to whom the calendar belongs.
    struct Entry: Sendable {
        let reservation: ReservationRow
        let status: CalendarEvent.Status
        /// Nil where it is shown by itself.
        let series: RoomSeries.ID?
    }

    let subject: FeedSubject
    let name: String
    let changedAt: Instant
    /// Of what all reservations are there.
    let interval: Interval
    /// Those that stand, in order of time, then those that were cancelled.
    let entries: [Entry]
    let rooms: [Room.ID: RoomRow]
    /// In order of id.
    let series: [FeedSeries]

    /// What is over for longer is left out, and what is yet further away.
    fileprivate static let daysBack: Int64 = 31
    fileprivate static let daysAhead: Int64 = 400
    /// The soonest first; more than a room or a person has.
    fileprivate static let reservationsMax = 5_000
    /// So long a cancelled reservation is told of, unless its time is over before.
    fileprivate static let cancelledDays: Int64 = 30
    fileprivate static let cancelledMax = 500

    /// Whole days, so that the same reservations are the same bytes for as long.
    fileprivate static func window(at now: Instant) -> Interval {
        let midnight = Instant(microseconds: now.wholeSeconds / 86_400 * 86_400 * 1_000_000)
        return Interval(start: midnight.advanced(bySeconds: -daysBack * 86_400), end: midnight.advanced(bySeconds: daysAhead * 86_400))
    }
}

extension Snapshot {
    /// Nil where the room or the person is gone.
    func contents(of feed: FeedRow) throws -> FeedContents? {
        guard let name = try name(of: feed.subject) else { return nil }
        let window = FeedContents.window(at: now)
        let standing = try standingEntries(of: feed.subject, overlapping: window)
        // Nothing is known of what was left out, and nobody shall take its time for free.
        let isWhole = standing.count < FeedContents.reservationsMax
        let end = isWhole ? window.end : standing.last?.reservation.interval.start ?? window.end
        let cancelled = try cancelledRoomReservations(
            of: feed.subject, since: now.advanced(bySeconds: -FeedContents.cancelledDays * 86_400), before: end,
            limit: FeedContents.cancelledMax
        )
        let entries = standing + cancelled.map { FeedContents.Entry($0, .cancelled) }
        var rooms: [Room.ID: RoomRow] = [:]
        if case .room(let id) = feed.subject { rooms[id] = try room(id) }
        for id in Set(entries.map(\.reservation.roomID)) where rooms[id] == nil { rooms[id] = try room(id) }
        let series = try feedSeries(Set(entries.compactMap(\.series)))
        let changes =
            [try lastReservationChange(of: feed.subject) ?? feed.createdAt] + series.map(\.changedAt)
            + rooms.values.map(\.room.updatedAt.instant)
        return FeedContents(
            subject: feed.subject, name: name, changedAt: changes.reduce(feed.createdAt, max),
            interval: Interval(start: window.start, end: end), entries: entries, rooms: rooms, series: series
        )
    }

    private func name(of subject: FeedSubject) throws -> String? {
        switch subject {
        case .room(let id): try room(id)?.room.name
        case .person(let id): try username(of: id)
        }
    }

    /// In order of time.
    private func standingEntries(of subject: FeedSubject, overlapping window: Interval) throws -> [FeedContents.Entry] {
        let limit = FeedContents.reservationsMax
        switch subject {
        case .room(let id):
            return try roomReservations(in: id, overlapping: window, limit: limit).map { FeedContents.Entry($0, .confirmed) }
        case .person(let id):
            let own = try roomReservations(of: id, overlapping: window, limit: limit).map { FeedContents.Entry($0, .confirmed) }
            return (own + (try invitedEntries(of: id, overlapping: window)))
                .sorted { ($0.reservation.detail.startsAt, $0.reservation.id) < ($1.reservation.detail.startsAt, $1.reservation.id) }
                .prefix(limit).map(\.self)
        }
    }

    /// What somebody was invited to and has not declined: dates, never a whole series.
    private func invitedEntries(of user: UserID, overlapping window: Interval) throws -> [FeedContents.Entry] {
        let invitations = try invitations(of: user, overlapping: window, limit: FeedContents.reservationsMax)
        let reservations = try roomReservations(invitations.map { RoomReservation.ID($0.reservation.id) })
        return invitations.compactMap { invitation in
            let answer = InvitationAnswer(rawValue: invitation.answer) ?? .pending
            guard answer != .declined, let row = reservations[RoomReservation.ID(invitation.reservation.id)] else { return nil }
            return FeedContents.Entry(reservation: row, status: answer == .pending ? .tentative : .confirmed, series: nil)
        }
    }
}

extension FeedContents.Entry {
    fileprivate init(_ reservation: ReservationRow, _ status: CalendarEvent.Status) {
        self.init(reservation: reservation, status: status, series: reservation.detail.seriesID.map { RoomSeries.ID($0) })
    }
}
