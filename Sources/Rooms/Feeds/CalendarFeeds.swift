import Accounts
import Core
import ICalendar
import Storage
import Wire

/// What calendar programs read at a secret address. Who has the address is let in; there is no signing in.
public struct CalendarFeeds: Sendable {
    /// A calendar as it is served.
    public struct Document: Sendable {
        public let bytes: [UInt8]
        /// When anything in it last changed.
        public let changedAt: Instant
    }

    /// At the root of every port that has the meeting rooms.
    public static let path = "/feeds"
    /// By which programs know a calendar.
    static let ending = ".ics"
    public static let mediaType = CalendarFeed.mediaType

    /// What is over for longer is left out, and what is yet further away.
    private static let daysBack: Int64 = 31
    private static let daysAhead: Int64 = 400
    /// The soonest first; more than a room or a person has.
    private static let eventsMax = 2_000

    private let database: Database
    private let timeZones: any TimeZones

    public init(database: Database, timeZones: any TimeZones) {
        self.database = database
        self.timeZones = timeZones
    }

    /// - Parameter file: the last part of the address.
    /// - Returns: nil where there is no such address, any more or at all.
    /// - Throws: `StorageError`, `RequestError.overloaded`, `LocalTimeError`.
    public func read(_ file: String) async throws -> Document? {
        guard file.hasSuffix(Self.ending), let secret = LinkSecret(text: file.dropLast(Self.ending.count)) else { return nil }
        let found = try await database.read { snapshot in
            try snapshot.feed(opening: secret).flatMap { feed in
                let changedAt = max(feed.createdAt, try snapshot.lastReservationChange(of: feed.subject) ?? feed.createdAt)
                return try calendar(of: feed.subject, snapshot).map { ($0, changedAt) }
            }
        }
        return try found.map { feed, changedAt in Document(bytes: try feed.bytes(timeZones), changedAt: changedAt) }
    }

    /// Nil where the room or the person is gone.
    private func calendar(of subject: FeedSubject, _ snapshot: Snapshot) throws -> CalendarFeed? {
        let interval = Interval(
            start: snapshot.now.advanced(bySeconds: -Self.daysBack * 86_400),
            end: snapshot.now.advanced(bySeconds: Self.daysAhead * 86_400)
        )
        switch subject {
        case .room(let id):
            guard let room = try snapshot.room(id) else { return nil }
            let reservations = try snapshot.roomReservations(in: id, overlapping: interval).prefix(Self.eventsMax)
            return CalendarFeed(name: room.room.name, events: reservations.map { publicEvent($0, room) })
        case .person(let id):
            guard let name = try snapshot.username(of: id) else { return nil }
            let own = try snapshot.roomReservations(of: id, overlapping: interval, limit: Self.eventsMax)
                .map { ($0, InvitationAnswer.accepted) }
            let invited = try snapshot.invitations(of: id, overlapping: interval, limit: Self.eventsMax).compactMap { invitation in
                try snapshot.roomReservation(RoomReservation.ID(invitation.reservation.id)).map {
                    ($0, InvitationAnswer(rawValue: invitation.answer) ?? .pending)
                }
            }
            let all = (own + invited.filter { $1 != .declined })
                .sorted { ($0.0.detail.startsAt, $0.0.id) < ($1.0.detail.startsAt, $1.0.id) }
            var rooms: [Room.ID: RoomRow] = [:]
            for id in Set(all.map(\.0.roomID)) { rooms[id] = try snapshot.room(id) }
            return CalendarFeed(name: name, events: all.prefix(Self.eventsMax).map { ownEvent($0, $1, rooms[$0.roomID]) })
        }
    }

    /// What everybody may know.
    private func publicEvent(_ reservation: ReservationRow, _ room: RoomRow) -> CalendarEvent {
        CalendarEvent(
            uid: uid(reservation), sequence: Int(reservation.version) - 1, changedAt: reservation.detail.updatedAt,
            timing: .once(reservation.interval), zone: room.timeZone, summary: reservation.label ?? ReservationFields.busy,
            location: room.room.location, isPrivate: reservation.detail.isPrivate
        )
    }

    private func ownEvent(_ reservation: ReservationRow, _ answer: InvitationAnswer, _ room: RoomRow?) -> CalendarEvent {
        CalendarEvent(
            uid: uid(reservation), sequence: Int(reservation.version) - 1, changedAt: reservation.detail.updatedAt,
            timing: .once(reservation.interval), zone: room?.timeZone, status: answer == .pending ? .tentative : .confirmed,
            summary: reservation.detail.title, description: reservation.detail.description,
            location: room.map { [$0.room.name, $0.room.location].filter { !$0.isEmpty }.joined(separator: ", ") },
            isPrivate: reservation.detail.isPrivate
        )
    }

    private func uid(_ reservation: ReservationRow) -> String { "room-reservation-\(reservation.id)@ringside" }
}
