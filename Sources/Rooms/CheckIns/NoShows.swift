import Booking
import Core
import Storage
import Wire

/// Looks, at the end of the time to come, whether anybody has. A check-in takes it back.
public struct ReleaseNoShow: JobKind {
    public static let kind = "rooms.release-no-show"

    let reservationID: Int64

    init(_ reservation: RoomReservation.ID) {
        reservationID = reservation.rawValue
    }

    static func key(of reservation: RoomReservation.ID) -> String { "room_reservation:\(reservation)" }
}

/// Gives back what nobody has come for.
public struct NoShows: Sendable {
    private let occupancy: Occupancy

    public init(occupancy: Occupancy) {
        self.occupancy = occupancy
    }

    /// What the job writes: the reservation ends now, the rest of its time is free, and everybody is told.
    ///
    /// - Throws: `StorageError`.
    public func release(_ job: ReleaseNoShow, in tx: Transaction) throws {
        let id = RoomReservation.ID(job.reservationID)
        guard let candidate = try tx.roomReservation(id), let resourceID = try tx.room(candidate.roomID)?.resourceID,
            let resource = try occupancy.lock(resourceID, for: nil, in: tx), let before = try tx.roomReservation(id),
            let occupation = before.occupationID, let deadline = before.detail.checkInBy, before.detail.checkedInAt == nil,
            before.detail.releasedAt == nil
        else { return }
        // Another node's clock may be ahead of this one's.
        guard tx.now >= deadline else { return try tx.enqueue(job, at: deadline, key: ReleaseNoShow.key(of: id)) }
        guard tx.now < before.interval.end else { return }
        let after = try tx.markReleased(id)
        let claim = Claim(after.interval, kind: .reservation, owner: after.userID, label: after.label)
        try occupancy.change(occupation, to: claim, on: resource, tx)
        try ReservationSteps(occupancy: occupancy).tell(after, tx)
        try tx.audit("room_reservation.released", "room_reservation:\(id)", before: before.detail, after: after.detail)
    }
}
