import Booking
import Core
import Storage
import Wire

/// The rules of coming in time.
struct CheckInService: Sendable {
    let database: Database
    let occupancy: Occupancy

    /// - Throws: ``RoomReservationError/tooEarly``, ``RoomReservationError/released``, ``RoomReservationError/isOver``,
    ///   `AccessError.forbidden`.
    func checkIn(_ request: CheckIn, in context: CallContext) async throws -> RoomReservation {
        try await database.write(for: context) { tx in
            let (before, _, _) = try tx.lockStanding(request.id, occupancy)
            let after = before.detail.checkedInAt == nil ? try checkIn(before, tx) : before
            guard let answer = try tx.detailed([after]).first else { throw RoomReservationError.notFound }
            return answer
        }
    }

    private func checkIn(_ before: ReservationRow, _ tx: Transaction) throws -> ReservationRow {
        if before.detail.releasedAt != nil { throw RoomReservationError.released }
        guard before.interval.start <= tx.now.advanced(bySeconds: CheckInDeadline.earliestMinutes * 60) else {
            throw RoomReservationError.tooEarly
        }
        guard before.interval.end > tx.now else { throw RoomReservationError.isOver }
        let after = try tx.markCheckedIn(before.id)
        // Where the job is late the deadline is not: whoever comes before the room is given away has it.
        try tx.cancelJob(ReleaseNoShow.key(of: after.id))
        try ReservationSteps(occupancy: occupancy).tell(after, tx)
        try tx.audit("room_reservation.checked_in", "room_reservation:\(after.id)", before: before.detail, after: after.detail)
        return after
    }
}
