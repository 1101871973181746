import Booking
import Core
import Storage
import Wire

/// The one way in which reservations end before their time: the room is free and everybody concerned is told, in the same commit.
struct Cancellations: Sendable {
    let occupancy: Occupancy

    /// - Parameter reservations: standing ones, all on `resource`, which is locked in this transaction.
    func cancel(
        _ reservations: [ReservationRow], because reason: Reservation.CancelReason, on resource: Resource, in tx: Transaction
    ) throws {
        for reservation in reservations {
            try tx.markCancelled(reservation.detail.id, because: reason)
            let cancelled = reservation.detail.with(.cancelled, because: reason, at: tx.now)
            try tx.emit(ReservationCancelled(reservation: cancelled), to: PersonalChannel(user: cancelled.userID))
            try tx.emit(
                ReservationCancelled(reservation: cancelled, username: reservation.username), to: VenueOperations(venue: cancelled.venueID)
            )
            try tx.audit(
                "reservation.cancelled", "reservation:\(cancelled.id)", before: ["status": "confirmed"],
                after: ["status": "cancelled", "reason": reason.rawValue]
            )
        }
        try occupancy.release(reservations.compactMap(\.occupationID), on: resource, tx)
    }
}

extension Cancellations {
    /// Clears a place that is about to go: what is still to come is cancelled, what is over stays as it was and is called completed.
    ///
    /// - Parameter reservations: standing ones, all on `resource`, which is locked in this transaction.
    func clear(
        _ reservations: [ReservationRow], because reason: Reservation.CancelReason, on resource: Resource, in tx: Transaction
    ) throws {
        try cancel(reservations.filter { $0.detail.endsAt > tx.now }, because: reason, on: resource, in: tx)
        let past = reservations.filter { $0.detail.endsAt <= tx.now }
        for reservation in past {
            try tx.markCompleted(reservation.detail.id)
            let completed = reservation.detail.with(.completed, because: nil, at: tx.now)
            try tx.emit(ReservationChanged(reservation: completed), to: PersonalChannel(user: completed.userID))
            try tx.emit(
                ReservationChanged(reservation: completed, username: reservation.username), to: VenueOperations(venue: completed.venueID)
            )
        }
        try occupancy.release(past.compactMap(\.occupationID), on: resource, tx)
    }
}

extension ReservationDetail {
    fileprivate func with(
        _ status: Reservation.Status, because reason: Reservation.CancelReason?, at instant: Instant
    ) -> ReservationDetail {
        ReservationDetail(
            id: id, userID: userID, timeSlotID: timeSlotID, venueID: venueID, status: status.rawValue,
            cancelReason: reason?.rawValue, date: date, startTime: startTime, endTime: endTime, startsAt: startsAt, endsAt: endsAt,
            createdAt: createdAt, updatedAt: instant
        )
    }
}
