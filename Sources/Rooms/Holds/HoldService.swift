import Accounts
import Booking
import Core
import Storage
import Wire

/// The rules of holds.
struct HoldService: Sendable {
    let database: Database
    let occupancy: Occupancy
    let timeZones: any TimeZones

    /// - Throws: ``NoRoomError`` with what stands in the way, ``RoomError/unknown``, ``RoomError/notAvailable``, ``HoldError/tooMany``,
    ///   `ValidationError`.
    func hold(_ request: HoldRoom, in context: CallContext) async throws -> RoomHold {
        let holder = try context.caller.signedIn().userID
        try timeZones.require(request.startTime, request.endTime)
        return try await database.write(for: context) { tx in
            let (room, resource) = try tx.lockBookableRoom(request.roomId, for: holder, occupancy)
            guard try tx.standingRoomHolds(of: holder).count < RoomHold.ofPersonMax else { throw HoldError.tooMany }
            let interval = Interval(start: request.startTime.instant, end: request.endTime.instant)
            // In whole milliseconds, so that the holder is told the very instant.
            let expiresAt = Timestamp(tx.now.advanced(bySeconds: request.seconds ?? RoomHold.secondsDefault)).instant
            let claim = Claim(interval, kind: .hold, owner: holder, expiresAt: expiresAt)
            let occupation = try occupancy.take(claim, on: resource, in: nil, tx)
            let hold = try tx.insertRoomHold(interval, in: room.id, for: holder, occupation, until: expiresAt)
            try HoldCountdown(occupancy: occupancy).goOn(hold, tx)
            try tx.emit(RoomHoldCreated(hold: hold.detail), to: PersonalChannel(user: holder.rawValue))
            try tx.audit("room_hold.created", "room_hold:\(hold.id)", after: hold.detail)
            return hold.hold
        }
    }

    func listOwn(_: ListOwnHolds, in context: CallContext) async throws -> OwnHolds {
        let caller = try context.caller.signedIn()
        return try await database.read { snapshot in
            let channel = PersonalChannel(user: caller.userID.rawValue)
            return OwnHolds(
                holds: try snapshot.standingRoomHolds(of: caller.userID).map(\.detail),
                stream: Stream(channel: channel.name, position: try snapshot.position(of: channel))
            )
        }
    }

    /// - Throws: ``HoldError/notFound`` also for one that is over, `AccessError.forbidden`.
    func read(_ request: ReadHold, in context: CallContext) async throws -> RoomHold {
        let caller = try context.caller.signedIn()
        return try await database.read { snapshot in
            guard let hold = try snapshot.roomHold(request.id) else { throw HoldError.notFound }
            guard hold.userID == caller.userID || caller.role.isAdministrator else { throw AccessError.forbidden }
            guard hold.stands(at: snapshot.now) else { throw HoldError.notFound }
            return hold.hold
        }
    }

    /// The occupation becomes the reservation's: nobody else can have the room in between. The room's condition does not matter any more:
    /// it was promised. Where the hold has expired, and the holder wants it, the room is taken like any other.
    ///
    /// - Throws: ``HoldError``, ``RoomError/notAvailable``, `AccessError.forbidden` for everybody but the holder.
    func confirm(_ request: ConfirmHold, in context: CallContext) async throws -> ReservedRoom {
        let holder = try context.caller.signedIn().userID
        return try await database.write(for: context) { tx in
            let (hold, room, resource) = try lock(request.id, in: tx) { $0.userID == $1.userID }
            let draft = ReservationDraft(
                owner: holder, title: request.title, description: request.description, isPrivate: request.isPrivate ?? false,
                interval: hold.interval
            )
            let reservation: ReservationRow
            if hold.stands(at: tx.now), let occupation = hold.occupationID {
                try tx.markRoomHoldEnded(hold.id, .confirmed)
                try occupancy.change(occupation, to: draft.claim, on: resource, tx)
                reservation = try ReservationSteps(occupancy: occupancy).begin(draft, in: room, occupying: occupation, tx)
            } else {
                guard request.ifStillFree == true else { throw HoldError.expired }
                reservation = try reserve(draft, in: room.id, tx)
            }
            try HoldSteps(occupancy: occupancy).end(hold, .confirmed, reservation: reservation.id, tx)
            return ReservedRoom(
                id: reservation.id, title: request.title, startTime: Timestamp(hold.interval.start),
                endTime: Timestamp(hold.interval.end), roomId: room.id, userId: holder
            )
        }
    }

    /// - Throws: ``HoldError``, `AccessError.forbidden`.
    func release(_ request: ReleaseHold, in context: CallContext) async throws -> NoContent {
        try await database.write(for: context) { tx in
            let (hold, _, resource) = try lock(request.id, in: tx) { $0.userID == $1.userID || $1.role.isAdministrator }
            guard hold.stands(at: tx.now) else { throw HoldError.expired }
            try HoldSteps(occupancy: occupancy).release(hold, on: resource, tx)
            return NoContent()
        }
    }

    /// For whom nothing is kept any more.
    private func reserve(_ draft: ReservationDraft, in id: Room.ID, _ tx: Transaction) throws -> ReservationRow {
        let (room, resource) = try tx.lockBookableRoom(id, for: draft.owner, occupancy)
        do {
            return try ReservationSteps(occupancy: occupancy).begin(draft, in: room, on: resource, tx)
        } catch is NoRoomError {
            throw HoldError.expired
        }
    }

    /// What the caller is about to end, read again under the lock: it may have expired, and where it has ended otherwise nothing can be done.
    private func lock(
        _ id: RoomHold.ID, in tx: Transaction, when isAllowed: (HoldRow, SignedInCaller) -> Bool
    ) throws -> (HoldRow, RoomRow, Resource) {
        guard let candidate = try tx.roomHold(id) else { throw HoldError.notFound }
        guard isAllowed(candidate, try tx.context.caller.signedIn()) else { throw AccessError.forbidden }
        guard let resourceID = try tx.room(candidate.roomID)?.resourceID,
            let resource = try occupancy.lock(resourceID, for: candidate.userID, in: tx), let room = try tx.room(candidate.roomID),
            let hold = try tx.roomHold(id)
        else { throw HoldError.expired }
        if hold.ending != nil, hold.ending != .expired { throw HoldError.ended }
        return (hold, room, resource)
    }
}
