import Accounts
import Booking
import Core
import Storage
import Wire

/// The rules of reservations of rooms.
struct ReservationService: Sendable {
    let database: Database
    let occupancy: Occupancy

    /// - Throws: ``NoRoomError`` with what stands in the way, ``RoomError/unknown``, ``RoomError/notAvailable``.
    func reserve(_ request: ReserveRoom, in context: CallContext) async throws -> ReservedRoom {
        let owner = try context.caller.signedIn().userID
        return try await database.write(for: context) { tx in
            let (room, resource) = try Self.lockNamedRoom(request.roomId, for: owner, occupancy, tx)
            guard try tx.username(of: owner) != nil else { throw AuthenticationError.ended }
            guard room.isBookable else { throw RoomError.notAvailable }

            let claim = Claim(
                Interval(start: request.startTime.instant, end: request.endTime.instant), kind: .reservation, owner: owner,
                label: request.isPrivate == true ? nil : request.title
            )
            let occupation = try occupancy.take(claim, on: resource, in: nil, tx)
            let reservation = try tx.insertRoomReservation(request, owner, occupying: occupation)
            try tx.emit(RoomReservationCreated(reservation: reservation.detail), to: PersonalChannel(user: owner.rawValue))
            try tx.emit(
                RoomReservationCreated(reservation: reservation.detail, username: reservation.username),
                to: RoomOperations(room: room.id.rawValue)
            )
            try tx.audit("room_reservation.created", "room_reservation:\(reservation.id)", after: reservation.detail)
            return ReservedRoom(
                id: reservation.id, title: request.title, startTime: request.startTime, endTime: request.endTime, roomId: room.id,
                userId: owner
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
            return row.belongs(to: caller) ? full : RoomReservation(fields: row.publicFields, room: full.room, user: nil, version: nil)
        }
    }

    /// - Throws: ``NoRoomError`` with what stands in the way, ``RoomError/notAvailable``, `AccessError.forbidden`.
    func change(_ request: ChangeRoomReservation, in context: CallContext) async throws -> RoomReservation {
        try await database.write(for: context) { tx in
            let (before, occupation, resource) = try lockStanding(request.id, in: tx)
            let interval = Interval(
                start: request.startTime?.instant ?? before.interval.start, end: request.endTime?.instant ?? before.interval.end
            )
            try Self.require(interval)
            if interval != before.interval {
                guard try tx.room(before.roomID)?.isBookable == true else { throw RoomError.notAvailable }
            }
            let after = try tx.updateRoomReservation(request, interval)
            if after.interval != before.interval || after.label != before.label {
                let claim = Claim(interval, kind: .reservation, owner: after.userID, label: after.label)
                try occupancy.change(occupation, to: claim, on: resource, tx)
            }
            try tx.emit(RoomReservationChanged(reservation: after.detail), to: PersonalChannel(user: after.detail.userID))
            try tx.emit(
                RoomReservationChanged(reservation: after.detail, username: after.username), to: RoomOperations(room: after.detail.roomID)
            )
            try tx.audit("room_reservation.changed", "room_reservation:\(after.id)", before: before.detail, after: after.detail)
            guard let answer = try tx.detailed([after]).first else { throw RoomReservationError.notFound }
            return answer
        }
    }

    func cancel(_ request: CancelRoomReservation, in context: CallContext) async throws -> NoContent {
        try await database.write(for: context) { tx in
            let (reservation, _, resource) = try lockStanding(request.id, in: tx)
            try Cancellations(occupancy: occupancy).cancel([reservation], on: resource, in: tx)
            return NoContent()
        }
    }

    /// What the caller is about to change. It is read again under the lock: it may have been cancelled until then.
    private func lockStanding(_ id: RoomReservation.ID, in tx: Transaction) throws -> (ReservationRow, Occupation.ID, Resource) {
        guard let candidate = try tx.roomReservation(id) else { throw RoomReservationError.notFound }
        guard try candidate.belongs(to: tx.context.caller.signedIn()) else { throw AccessError.forbidden }
        guard let resourceID = try tx.room(candidate.roomID)?.resourceID, let resource = try occupancy.lock(resourceID, for: nil, in: tx)
        else { throw RoomReservationError.isOver }
        guard let found = try tx.roomReservation(id) else { throw RoomReservationError.notFound }
        guard let occupation = found.occupationID else { throw RoomReservationError.isOver }
        try tx.context.require(found.version)
        return (found, occupation, resource)
    }

    /// A room that the body names, not the address.
    private static func lockNamedRoom(
        _ id: Room.ID, for owner: UserID, _ occupancy: Occupancy, _ tx: Transaction
    ) throws -> (RoomRow, Resource) {
        do {
            return try tx.lockRoom(id, for: owner, occupancy)
        } catch RoomError.notFound {
            throw RoomError.unknown
        }
    }

    /// One end may come from the request and the other from the reservation.
    private static func require(_ interval: Interval) throws {
        var check = Validation()
        check.interval(Timestamp(interval.start), Timestamp(interval.end))
        guard check.failures.isEmpty else { throw ValidationError(check.failures) }
    }
}

extension ReservationRow {
    /// Whether somebody may know all of it, and change it.
    func belongs(to caller: SignedInCaller) -> Bool { userID == caller.userID || caller.role.isAdministrator }
}
