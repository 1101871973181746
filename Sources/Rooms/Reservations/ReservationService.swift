import Accounts
import Booking
import Core
import Storage
import Wire

/// The rules of reservations of rooms.
struct ReservationService: Sendable {
    let database: Database
    let occupancy: Occupancy
    let timeZones: any TimeZones

    /// - Throws: ``NoRoomError`` with what stands in the way, ``RoomError/unknown``, ``RoomError/notAvailable``, `ValidationError`.
    func reserve(_ request: ReserveRoom, in context: CallContext) async throws -> ReservedRoom {
        let owner = try context.caller.signedIn().userID
        try timeZones.require(request.startTime, request.endTime)
        return try await database.write(for: context) { tx in
            let (room, resource) = try tx.lockBookableRoom(request.roomId, for: owner, occupancy)
            let draft = ReservationDraft(
                owner: owner, title: request.title, description: request.description, isPrivate: request.isPrivate ?? false,
                interval: Interval(start: request.startTime.instant, end: request.endTime.instant)
            )
            let reservation = try ReservationSteps(occupancy: occupancy).begin(draft, in: room, on: resource, tx)
            return ReservedRoom(
                id: reservation.id, title: request.title, startTime: request.startTime.timestamp, endTime: request.endTime.timestamp,
                roomId: room.id, userId: owner
            )
        }
    }

    func listOwn(_ request: ListOwnRoomReservations, in context: CallContext) async throws -> Listing<OwnRoomReservation> {
        let caller = try context.caller.signedIn()
        let window = PageWindow(page: request.page, limit: request.limit, limitDefault: Listing<OwnRoomReservation>.limitMax)
        return try await database.read { snapshot in
            let rows = try snapshot.roomReservations(of: caller.userID, limit: window.limit + 1, offset: window.offset)
            return Listing(try snapshot.detailed(rows).map { OwnRoomReservation(fields: $0.fields, room: $0.room) }, window)
        }
    }

    func list(_ request: ListRoomReservations, in context: CallContext) async throws -> Listing<RoomReservation> {
        try context.caller.administrator()
        let window = PageWindow(page: request.page, limit: request.limit, limitDefault: Listing<RoomReservation>.limitMax)
        return try await database.read { snapshot in
            Listing(try snapshot.detailed(try snapshot.roomReservations(of: nil, limit: window.limit + 1, offset: window.offset)), window)
        }
    }

    func read(_ request: ReadRoomReservation, in context: CallContext) async throws -> RoomReservation {
        let caller = try context.caller.signedIn()
        return try await database.read { snapshot in
            guard let row = try snapshot.roomReservation(request.id), let full = try snapshot.detailed([row]).first else {
                throw RoomReservationError.notFound
            }
            let isConcerned = try row.belongs(to: caller) || snapshot.invitation(of: caller.userID, to: row.id) != nil
            return isConcerned ? full : RoomReservation(fields: row.publicFields, room: full.room, user: nil, version: nil)
        }
    }

    /// - Throws: ``NoRoomError`` with what stands in the way, ``RoomError/notAvailable``, `AccessError.forbidden`, `ValidationError`.
    func change(_ request: ChangeRoomReservation, in context: CallContext) async throws -> RoomReservation {
        try timeZones.require(request.startTime, request.endTime)
        return try await database.write(for: context) { tx in
            let (before, room, resource) = try tx.lockStanding(request.id, occupancy)
            let interval = Interval(
                start: request.startTime?.instant ?? before.interval.start, end: request.endTime?.instant ?? before.interval.end
            )
            try Self.require(interval)
            if interval != before.interval, !room.isBookable { throw RoomError.notAvailable }
            let change = ReservationChange(
                title: request.title, description: request.description, isPrivate: request.isPrivate, interval: interval,
                isException: before.detail.seriesID == nil ? nil : true,
                hasOwnTime: before.detail.seriesID == nil || interval == before.interval ? nil : true
            )
            let after = try ReservationSteps(occupancy: occupancy).change(before, change, in: room, on: resource, tx)
            guard let answer = try tx.detailed([after]).first else { throw RoomReservationError.notFound }
            return answer
        }
    }

    func cancel(_ request: CancelRoomReservation, in context: CallContext) async throws -> NoContent {
        try await database.write(for: context) { tx in
            let (reservation, _, resource) = try tx.lockStanding(request.id, occupancy)
            try ReservationSteps(occupancy: occupancy).cancel([reservation], on: resource, tx)
            return NoContent()
        }
    }

    /// One end may come from the request and the other from the reservation.
    private static func require(_ interval: Interval) throws {
        var check = Validation()
        check.interval(interval.start, interval.end)
        guard check.failures.isEmpty else { throw ValidationError(check.failures) }
    }
}

extension Transaction {
    /// What the caller is about to change. It is read again under the lock: it may have been cancelled until then.
    ///
    /// - Throws: ``RoomReservationError``, `AccessError.forbidden`, `PreconditionError.failed`.
    func lockStanding(_ id: RoomReservation.ID, _ occupancy: Occupancy) throws -> (ReservationRow, RoomRow, Resource) {
        guard let candidate = try roomReservation(id) else { throw RoomReservationError.notFound }
        guard try candidate.belongs(to: context.caller.signedIn()) else { throw AccessError.forbidden }
        guard let resourceID = try room(candidate.roomID)?.resourceID, let resource = try occupancy.lock(resourceID, for: nil, in: self),
            let room = try room(candidate.roomID)
        else { throw RoomReservationError.isOver }
        guard let found = try roomReservation(id) else { throw RoomReservationError.notFound }
        guard found.occupationID != nil else { throw RoomReservationError.isOver }
        try context.require(found.version)
        return (found, room, resource)
    }

    /// A room that somebody wants to take, and that the body names, not the address.
    ///
    /// - Throws: ``RoomError/unknown``, ``RoomError/notAvailable``, `AuthenticationError.ended` where the person is gone.
    func lockBookableRoom(_ id: Room.ID, for owner: UserID, _ occupancy: Occupancy) throws -> (RoomRow, Resource) {
        let locked: (room: RoomRow, resource: Resource)
        do {
            locked = try lockRoom(id, for: owner, occupancy)
        } catch RoomError.notFound {
            throw RoomError.unknown
        }
        guard try username(of: owner) != nil else { throw AuthenticationError.ended }
        guard locked.room.isBookable else { throw RoomError.notAvailable }
        return locked
    }
}

extension ReservationRow {
    /// Whether somebody may know all of it, and change it.
    func belongs(to caller: SignedInCaller) -> Bool { userID == caller.userID || caller.role.isAdministrator }
}
