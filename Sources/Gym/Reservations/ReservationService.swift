import Accounts
import Booking
import Core
import Storage
import Wire

/// The rules of reservations.
struct ReservationService: Sendable {
    let database: Database
    let occupancy: Occupancy
    let cancellations: Cancellations

    /// - Throws: ``NoRoomError`` with what stands in the way, ``ReservationError``, ``VenueError/notOpen``.
    func create(_ request: CreateReservation, in context: CallContext) async throws -> Reservation {
        let owner = try context.caller.mayActFor(request.userID)
        return try await database.write(for: context) { try reserve(request.timeSlotID, for: owner, in: $0) }
    }

    /// The same with the answer of the employees' scenario.
    func book(_ request: BookTimeSlot, in context: CallContext) async throws -> BookTimeSlot.Response {
        let owner = try context.caller.mayActFor(request.userID)
        return try await database.write(for: context) { tx in
            BookTimeSlot.Response(reservationID: try reserve(request.timeSlotID, for: owner, in: tx).id)
        }
    }

    func read(_ request: ReadReservation, in context: CallContext) async throws -> ReservationDetail {
        let found = try await database.read { try $0.reservation(request.id) }
        guard let found else { throw ReservationError.notFound }
        _ = try context.caller.mayActFor(UserID(found.detail.userID))
        return found.detail
    }

    func listOwn(_ request: ListOwnReservations, in context: CallContext) async throws -> ListOwnReservations.Response {
        let caller = try context.caller.signedIn()
        let limit = request.limit ?? Page<ReservationDetail>.limitDefault
        return try await database.read { snapshot in
            let rows = try snapshot.reservations(of: caller.userID, request, limit: limit + 1)
            let page = Page(rows.map(\.detail), limit: limit) { $0.id }
            let channel = PersonalChannel(user: caller.userID.rawValue)
            return ListOwnReservations.Response(
                items: page.items, nextCursor: page.nextCursor,
                stream: Stream(channel: channel.name, position: try snapshot.position(of: channel))
            )
        }
    }

    /// - Throws: ``ReservationError/alreadyCancelled``, ``ReservationError/slotHasStarted``.
    func cancel(_ request: CancelReservation, in context: CallContext) async throws -> NoContent {
        let caller = try context.caller.signedIn()
        return try await database.write(for: context) { tx in
            guard let candidate = try tx.reservation(request.id) else { throw ReservationError.notFound }
            let owner = try context.caller.mayActFor(UserID(candidate.detail.userID))
            guard let venue = try tx.bookableVenue(Venue.ID(candidate.detail.venueID)) else { throw ReservationError.alreadyCancelled }
            guard let resource = try occupancy.lock(venue.resourceID, for: nil, in: tx) else { throw ReservationError.alreadyCancelled }
            guard let found = try tx.reservation(request.id), found.occupationID != nil else { throw ReservationError.alreadyCancelled }
            guard found.detail.startsAt > tx.now else { throw ReservationError.slotHasStarted }
            try cancellations.cancel([found], because: owner == caller.userID ? .user : .admin, on: resource, in: tx)
            return NoContent()
        }
    }

    private func reserve(_ id: TimeSlot.ID, for owner: UserID, in tx: Transaction) throws -> Reservation {
        guard let resource = try tx.resource(ofSlot: id).flatMap({ try occupancy.lock($0, for: owner, in: tx) }),
            let wanted = try tx.slot(id, wantedBy: owner)
        else { throw ReservationError.slotNotFound }
        guard let username = wanted.username else { throw ReservationError.userNotFound }
        let slot = wanted.slot
        guard wanted.venueStatus == .open else { throw VenueError.notOpen }
        guard slot.interval.start > tx.now else { throw ReservationError.slotHasStarted }
        if wanted.isTimeTaken {
            let isSame = try tx.hasReserved(owner, id)
            throw isSame ? ReservationError.alreadyReserved : ReservationError.overlapsOwn
        }

        let room = try occupancy.take(
            Claim(slot.interval, kind: .reservation, owner: owner), on: resource, in: slot.window(of: resource), tx
        )
        let reservation = try tx.insertReservation(slot, owner, occupying: room)
        let detail = reservation.detail(in: slot)
        try tx.emit(ReservationCreated(reservation: detail), to: PersonalChannel(user: owner.rawValue))
        try tx.emit(ReservationCreated(reservation: detail, username: username), to: VenueOperations(venue: slot.venueID.rawValue))
        try tx.audit("reservation.created", "reservation:\(reservation.id)", after: reservation)
        return reservation
    }
}

extension Reservation {
    fileprivate func detail(in slot: TimeSlotRow) -> ReservationDetail {
        ReservationDetail(
            id: id.rawValue, userID: userID.rawValue, timeSlotID: timeSlotID.rawValue, venueID: slot.venueID.rawValue,
            status: status.rawValue,
            cancelReason: nil, date: slot.date, startTime: slot.startTime, endTime: slot.endTime, startsAt: slot.interval.start,
            endsAt: slot.interval.end, createdAt: createdAt, updatedAt: updatedAt
        )
    }
}
