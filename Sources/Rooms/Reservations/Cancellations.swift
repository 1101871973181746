import Accounts
import Booking
import Core
import Storage
import Wire

/// The one way in which reservations of rooms end before their time: the room is free and everybody concerned is told, in the same commit.
struct Cancellations: Sendable {
    let occupancy: Occupancy

    /// - Parameter reservations: standing ones, all on `resource`, which is locked in this transaction.
    func cancel(_ reservations: [ReservationRow], on resource: Resource, in tx: Transaction) throws {
        for reservation in reservations {
            try tx.markRoomReservationCancelled(reservation.id)
            try tx.emit(
                RoomReservationCancelled(id: reservation.detail.id), to: PersonalChannel(user: reservation.detail.userID),
                RoomOperations(room: reservation.detail.roomID)
            )
            try tx.audit("room_reservation.cancelled", "room_reservation:\(reservation.id)", before: reservation.detail)
        }
        try occupancy.release(reservations.compactMap(\.occupationID), on: resource, tx)
    }
}

/// Gives back what a person has reserved when the account is deleted, and tells the staff where the name has gone, in the same commit.
public struct DepartedEmployees: AccountObserver {
    private let occupancy: Occupancy

    public init(occupancy: Occupancy) {
        self.occupancy = occupancy
    }

    public func accountWillBeDeleted(_ id: UserID, in tx: Transaction) throws {
        let coming = try tx.comingRoomReservations(of: id)
        for (room, reservations) in Dictionary(grouping: coming, by: \.roomID).sorted(by: { $0.key < $1.key }) {
            guard let resourceID = try tx.room(room)?.resourceID, let resource = try occupancy.lock(resourceID, for: nil, in: tx) else {
                continue
            }
            // Read again under the lock: some may have been cancelled until then.
            let standing = try reservations.compactMap { try tx.roomReservation($0.id) }.filter { $0.occupationID != nil }
            try Cancellations(occupancy: occupancy).cancel(standing, on: resource, in: tx)
        }
        // What is over stays, without the name.
        try accountWillBeRenamed(id, to: id.nameOnceDeleted, in: tx)
    }

    /// One event for each room, however much the person has reserved there.
    public func accountWillBeRenamed(_ id: UserID, to username: String, in tx: Transaction) throws {
        for room in try tx.roomsReserved(by: id) {
            try tx.emit(ReservationOwnerRenamed(userID: id.rawValue, username: username), to: RoomOperations(room: room.rawValue))
        }
    }
}
