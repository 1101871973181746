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
            let cancelled = reservation.detail.cancelled(because: reason, at: tx.now)
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

extension ReservationDetail {
    fileprivate func cancelled(because reason: Reservation.CancelReason, at instant: Instant) -> ReservationDetail {
        ReservationDetail(
            id: id, userID: userID, timeSlotID: timeSlotID, venueID: venueID, status: Reservation.Status.cancelled.rawValue,
            cancelReason: reason.rawValue, date: date, startTime: startTime, endTime: endTime, startsAt: startsAt, endsAt: endsAt,
            createdAt: createdAt, updatedAt: instant
        )
    }
}
