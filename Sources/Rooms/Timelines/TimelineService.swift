import Accounts
import Booking
import Core
import Storage
import Wire

/// What a room's timeline shows, and to whom.
struct TimelineService: Sendable {
    let database: Database
    let timeZones: any TimeZones

    func read(_ request: ReadTimeline, in context: CallContext) async throws -> RoomTimeline {
        try await database.read { snapshot in
            let (room, days, occupations) = try read(request.id, request.date, request.span, snapshot)
            let channel = RoomCalendar(room: room.id.rawValue)
            return RoomTimeline(
                roomId: room.id, name: room.room.name, status: room.condition, isActive: room.room.isActive, timeZone: room.timeZone,
                startDate: days.start, endDate: days.end, startTime: Timestamp(days.interval.start), endTime: Timestamp(days.interval.end),
                occupations: occupations, stream: Stream(channel: channel.name, position: try snapshot.position(of: channel))
            )
        }
    }

    /// - Throws: `AccessError.forbidden` for whoever is not staff of the room.
    func readOperations(_ request: ReadRoomOperations, in context: CallContext) async throws -> RoomOperationsTimeline {
        let caller = try context.caller.signedIn()
        return try await database.read { snapshot in
            guard try snapshot.isStaff(caller, of: request.id) else { throw AccessError.forbidden }
            let (room, days, occupations) = try read(request.id, request.date, request.span, snapshot)
            let channel = RoomOperations(room: room.id.rawValue)
            return RoomOperationsTimeline(
                roomId: room.id, status: room.condition, isActive: room.room.isActive, timeZone: room.timeZone, startDate: days.start,
                endDate: days.end, startTime: Timestamp(days.interval.start), endTime: Timestamp(days.interval.end),
                occupations: occupations,
                reservations: try snapshot.roomReservations(in: room.id, overlapping: days.interval)
                    .map { .init(reservation: $0.detail, username: $0.username) },
                stream: Stream(channel: channel.name, position: try snapshot.position(of: channel))
            )
        }
    }

    /// - Throws: `ValidationError`.
    func readAgenda(_ request: ReadAgenda, in context: CallContext) async throws -> Agenda {
        let caller = try context.caller.signedIn()
        try timeZones.require(request.startTime, request.endTime)
        return try await database.read { snapshot in
            let interval = Interval(start: request.startTime.instant, end: request.endTime.instant)
            let rows = try snapshot.roomReservations(of: caller.userID, overlapping: interval, limit: ReadAgenda.reservationsMax)
            let channel = PersonalChannel(user: caller.userID.rawValue)
            return Agenda(
                reservations: rows.map(\.detail), stream: Stream(channel: channel.name, position: try snapshot.position(of: channel))
            )
        }
    }

    /// A timeline may be watched by whoever has signed in, while there is such a room.
    func mayWatchCalendar(_ id: Int64, _ caller: SignedInCaller) async throws -> Bool {
        try await database.read { try $0.room(Room.ID(id)) != nil }
    }

    func mayWatchOperations(_ id: Int64, _ caller: SignedInCaller) async throws -> Bool {
        try await database.read { try $0.room(Room.ID(id)) != nil && $0.isStaff(caller, of: Room.ID(id)) }
    }

    private func read(
        _ id: Room.ID, _ date: LocalDate?, _ span: TimelineSpan?, _ snapshot: Snapshot
    ) throws -> (RoomRow, TimelineDays, [CalendarOccupation]) {
        guard let room = try snapshot.room(id), let resourceID = room.resourceID else { throw RoomError.notFound }
        let date = try date ?? timeZones.date(of: snapshot.now, in: room.timeZone)
        let days = try TimelineDays(span ?? .day, around: date, in: room.timeZone, timeZones)
        let resource = try snapshot.resource(resourceID)
        return (room, days, try snapshot.occupations(on: resource, overlapping: days.interval).map(\.calendarEntry))
    }
}

extension Snapshot {
    /// Administrators are staff of every room, others of those they are assigned to.
    func isStaff(_ caller: SignedInCaller, of room: Room.ID) throws -> Bool {
        if caller.role.isAdministrator { return true }
        return try caller.role == .staff && isAssigned(caller.userID, to: "room:\(room)")
    }
}
