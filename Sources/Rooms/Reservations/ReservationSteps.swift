import Booking
import Core
import Storage
import Wire

/// The steps of a reservation's life. Whoever takes one, a person, a series or a job, takes it here: the room, the row, the news, what is
/// due later and the audit trail belong into one commit.
struct ReservationSteps: Sendable {
    let occupancy: Occupancy

    /// - Parameter resource: that of the room, locked in this transaction.
    /// - Throws: ``NoRoomError`` with what stands in the way.
    func begin(_ draft: ReservationDraft, in room: RoomRow, on resource: Resource, _ tx: Transaction) throws -> ReservationRow {
        try begin(draft, in: room, occupying: try occupancy.take(draft.claim, on: resource, in: nil, tx), tx)
    }

    /// For room that was taken in this same transaction.
    func begin(
        _ draft: ReservationDraft, in room: RoomRow, occupying occupation: Occupation.ID, _ tx: Transaction
    ) throws -> ReservationRow {
        let deadline = CheckInDeadline.of(draft.interval, in: room, at: tx.now)
        let reservation = try tx.insertRoomReservation(draft, in: room.id, occupying: occupation, checkInBy: deadline)
        if let deadline { try tx.enqueue(ReleaseNoShow(reservation.id), at: deadline, key: ReleaseNoShow.key(of: reservation.id)) }
        try tx.emit(RoomReservationCreated(reservation: reservation.detail), to: PersonalChannel(user: draft.owner.rawValue))
        try tx.emit(
            RoomReservationCreated(reservation: reservation.detail, username: reservation.username),
            to: RoomOperations(room: room.id.rawValue)
        )
        try tx.audit("room_reservation.created", "room_reservation:\(reservation.id)", after: reservation.detail)
        return reservation
    }

    /// - Parameters:
    ///   - before: as it stands, read after the lock.
    ///   - resource: that of the room, locked in this transaction.
    /// - Throws: ``NoRoomError`` with what stands in the way; the transaction can't go on then.
    func change(
        _ before: ReservationRow, _ change: ReservationChange, in room: RoomRow, on resource: Resource, _ tx: Transaction
    ) throws -> ReservationRow {
        guard let occupation = before.occupationID else { throw RoomReservationError.isOver }
        // Who moves the beginning has to come again.
        let deadline =
            change.interval.start == before.interval.start
            ? before.detail.checkInBy : CheckInDeadline.of(change.interval, in: room, at: tx.now)
        let after = try tx.updateRoomReservation(before, change, checkInBy: deadline)
        if after.interval != before.interval || after.label != before.label {
            let claim = Claim(after.interval, kind: .reservation, owner: after.userID, label: after.label)
            try occupancy.change(occupation, to: claim, on: resource, tx)
        }
        if deadline != before.detail.checkInBy {
            if let deadline {
                try tx.enqueue(ReleaseNoShow(after.id), at: deadline, key: ReleaseNoShow.key(of: after.id))
            } else {
                try tx.cancelJob(ReleaseNoShow.key(of: after.id))
            }
        }
        try tell(after, isMoved: after.interval.start != before.interval.start, tzdata: change.tzdata, tx)
        try tx.audit("room_reservation.changed", "room_reservation:\(after.id)", before: before.detail, after: after.detail)
        return after
    }

    /// - Parameter reservations: standing ones, all on `resource`, which is locked in this transaction.
    func cancel(_ reservations: [ReservationRow], on resource: Resource, _ tx: Transaction) throws {
        for reservation in reservations {
            try tx.markRoomReservationCancelled(reservation.id)
            try InvitationSteps().withdrawAll(from: reservation.id, tx)
            if reservation.detail.checkInBy != nil { try tx.cancelJob(ReleaseNoShow.key(of: reservation.id)) }
            try tx.emit(
                RoomReservationCancelled(id: reservation.detail.id), to: PersonalChannel(user: reservation.detail.userID),
                RoomOperations(room: reservation.detail.roomID)
            )
            try tx.audit("room_reservation.cancelled", "room_reservation:\(reservation.id)", before: reservation.detail)
        }
        try occupancy.release(reservations.compactMap(\.occupationID), on: resource, tx)
    }

    /// Tells everybody concerned what the reservation is now.
    func tell(_ reservation: ReservationRow, isMoved: Bool = false, tzdata: String? = nil, _ tx: Transaction) throws {
        try InvitationSteps().tell(reservation, isMoved: isMoved, tx)
        try tx.emit(
            RoomReservationChanged(reservation: reservation.detail, tzdata: tzdata), to: PersonalChannel(user: reservation.detail.userID))
        try tx.emit(
            RoomReservationChanged(reservation: reservation.detail, username: reservation.username, tzdata: tzdata),
            to: RoomOperations(room: reservation.detail.roomID)
        )
    }
}
